package selvedge.engine.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Page;
import selvedge.model.Profile;
import selvedge.model.testing.SettableClock;

final class StoredNamespaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final SettableClock clock = new SettableClock(NOW);
  private final MemoryStore memory = new MemoryStore(1);
  private final Origin origin =
      new Origin(
          new ServedStore(counting(), memory, Limits.of(Profile.OPEN), clock),
          System::nanoTime,
          new Random(1),
          Meter.NONE);
  private final Namespace namespace =
      origin.open(origin.create(new AccountId("a".repeat(32)), "listed").id());
  private int rows;

  /** The store in memory, of which the rows that listings have read are counted. */
  private Store counting() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> counted(method, arguments));
  }

  private Object counted(Method method, Object[] arguments) throws Throwable {
    try {
      Object answer = method.invoke(memory, arguments);
      rows += answer instanceof Page page ? page.entries().size() : 0;
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @BeforeEach
  void fill() {
    namespace.write(IntStream.range(0, 100).mapToObj(i -> put(i, Expiry.NEVER)).toList());
    rows = 0;
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private static Mutation put(int number, Expiry expiry) {
    return new Mutation.Put(key(number), Bytes.utf8("v"), Metadata.NONE, expiry);
  }

  private static Key key(int number) {
    return Key.of(String.format("%03d", number));
  }

  @Test
  void aPageReadsOnlyOneRowBeyondIt() {
    Page page = namespace.list(Listing.all(10));

    assertThat(page.entries()).hasSize(10);
    assertThat(page.complete()).isFalse();
    assertThat(rows).isEqualTo(11);
  }

  @Test
  void aPageWithAllRemainingKeysIsComplete() {
    Page page = namespace.list(Listing.all(10).from(key(90).bytes()));

    assertThat(page.entries()).hasSize(10);
    assertThat(page.complete()).isTrue();
  }

  @Test
  void aPageOfTheLargestSizeHasAllKeys() {
    assertThat(namespace.list(Listing.all(Integer.MAX_VALUE)).entries()).hasSize(100);
  }

  @Test
  void aListingSkipsExpiredEntries() {
    namespace.write(
        IntStream.range(5, 95).mapToObj(i -> put(i, Expiry.at(NOW.plusSeconds(60)))).toList());
    clock.set(NOW.plusSeconds(61));

    Page page = namespace.list(Listing.all(7));

    assertThat(page.entries().stream().map(listed -> listed.key().toString()).toList())
        .isEqualTo(List.of("000", "001", "002", "003", "004", "095", "096"));
    assertThat(page.complete()).isFalse();
  }
}
