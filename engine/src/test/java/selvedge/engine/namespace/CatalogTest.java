package selvedge.engine.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
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

  @Test
  void earlierVersionsReadARowWithAModeAsOneWithoutIt() {
    Mutation.Put with = Catalog.put(CLASSIC);
    Mutation.Put without = Catalog.put(PLAIN);

    assertThat(with.value().bytes()).isEqualTo(without.value().bytes());
    assertThat(without.metadata().stored()).isEqualTo(Bytes.EMPTY);
  }
}
