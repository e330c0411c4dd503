package selvedge.engine.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.engine.store.MemoryStore;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.Version;

/** Namespaces as they are stored. */
final class CatalogTest {
  private static final NamespaceInfo PLAIN =
      new NamespaceInfo(
          new NamespaceId("1".repeat(32)),
          new AccountId("a".repeat(32)),
          "title",
          Instant.ofEpochMilli(1));
  private static final NamespaceInfo CLASSIC =
      new NamespaceInfo(
          PLAIN.id(), PLAIN.account(), PLAIN.title(), PLAIN.createdAt(), NamespaceMode.CLASSIC);

  private final Catalog catalog = new Catalog(new MemoryStore(1));

  @Test
  void aModeSurvivesTheStore() {
    catalog.apply(
        List.of(
            new Change(
                new Version(1), PLAIN.createdAt(), NamespaceId.SYSTEM, Catalog.put(CLASSIC))));

    assertThat(catalog.find(PLAIN.id())).contains(CLASSIC);
  }

  private void apply(Mutation mutation) {
    catalog.apply(
        List.of(new Change(new Version(1), PLAIN.createdAt(), NamespaceId.SYSTEM, mutation)));
  }

  @Test
  void findsANamespaceByTheTitleThatItHasNow() {
    NamespaceInfo other =
        new NamespaceInfo(
            new NamespaceId("2".repeat(32)), PLAIN.account(), "a title", PLAIN.createdAt());
    apply(Catalog.put(PLAIN));
    apply(Catalog.put(other));

    assertThat(catalog.find(PLAIN.account(), "title")).contains(PLAIN);
    assertThat(catalog.list(PLAIN.account())).containsExactly(other, PLAIN);
    assertThat(catalog.find(PLAIN.account(), "a")).isEmpty();
    assertThat(catalog.find(new AccountId("b".repeat(32)), "title")).isEmpty();

    apply(Catalog.put(PLAIN.titled("Title")));

    assertThat(catalog.find(PLAIN.account(), "title")).isEmpty();
    assertThat(catalog.find(PLAIN.account(), "Title")).contains(PLAIN.titled("Title"));
    assertThat(catalog.count(PLAIN.account())).isEqualTo(2);

    apply(new Mutation.Delete(Catalog.key(PLAIN.id())));
    apply(new Mutation.Delete(Catalog.key(other.id())));

    assertThat(catalog.find(PLAIN.account(), "Title")).isEmpty();
    assertThat(catalog.list(PLAIN.account())).isEmpty();
    assertThat(catalog.accounts()).isEmpty();
  }

  /** An index that counts lookups and fails when all of its namespaces are read. */
  private static final class CountedIndex
      extends ConcurrentSkipListMap<Catalog.Place, NamespaceInfo> {
    private static final long serialVersionUID = 1;

    private final AtomicInteger lookups;

    CountedIndex(AtomicInteger lookups) {
      this.lookups = lookups;
    }

    @Override
    public Map.Entry<Catalog.Place, NamespaceInfo> ceilingEntry(Catalog.Place place) {
      lookups.incrementAndGet();
      return super.ceilingEntry(place);
    }

    @Override
    public Collection<NamespaceInfo> values() {
      throw new AssertionError("a scan of the namespaces");
    }

    @Override
    public NavigableSet<Catalog.Place> keySet() {
      throw new AssertionError("a scan of the namespaces");
    }

    @Override
    public Set<Map.Entry<Catalog.Place, NamespaceInfo>> entrySet() {
      throw new AssertionError("a scan of the namespaces");
    }
  }

  @Test
  void findsATitleByOneLookupInMemory() {
    var lookups = new AtomicInteger();
    var store = new MemoryStore(1);
    var indexed = new Catalog(store, () -> new CountedIndex(lookups));
    for (int i = 0; i < 1000; i++) {
      var info =
          new NamespaceInfo(
              new NamespaceId("%032x".formatted(i)),
              PLAIN.account(),
              "title " + i,
              PLAIN.createdAt());
      indexed.apply(
          List.of(
              new Change(
                  new Version(1 + i), PLAIN.createdAt(), NamespaceId.SYSTEM, Catalog.put(info))));
    }
    store.close();

    assertThat(indexed.find(PLAIN.account(), "title 777"))
        .map(NamespaceInfo::id)
        .contains(new NamespaceId("%032x".formatted(777)));
    assertThat(indexed.find(PLAIN.account(), "title")).isEmpty();
    assertThat(lookups).hasValue(2);
  }

  @Test
  void earlierVersionsReadARowWithAModeAsOneWithoutIt() {
    Mutation.Put with = Catalog.put(CLASSIC);
    Mutation.Put without = Catalog.put(PLAIN);

    assertThat(with.value().bytes()).isEqualTo(without.value().bytes());
    assertThat(without.metadata().stored()).isEqualTo(Bytes.EMPTY);
  }
}
