package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import selvedge.model.AccountId;
import selvedge.model.Codec;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

final class NearCacheTest {
  private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(1_000_000));
  private final MemoryNamespaces origin = new MemoryNamespaces(clock);
  private final NamespaceId id = origin.create(new AccountId("a".repeat(32)), "n").id();
  private final Namespace namespace = origin.open(id);
  private final NearCache cache = NearCache.of(namespace, 10_000);

  @AfterEach
  void close() {
    cache.close();
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void changesOfOthersArrive() {
    namespace.put("k", "one");
    assertThat(cache.getText("k")).contains("one");
    assertThat(cache.getText("none")).isEmpty();
    namespace.put("k", "two");
    namespace.put("none", "some");
    until(() -> cache.getText("k").orElse("").equals("two"));
    until(() -> cache.getText("none").orElse("").equals("some"));
    namespace.clear("");
    until(() -> cache.getText("k").isEmpty() && cache.getText("none").isEmpty());
  }

  @Test
  void ownChangesAreReadAtOnce() {
    cache.put("k", "one");
    assertThat(cache.getText("k")).contains("one");
    cache.put("k", "two");
    assertThat(cache.getText("k")).contains("two");
    assertThat(cache.increment(Key.of("n"), 2, WriteOptions.PLAIN).value()).isEqualTo(2);
    assertThat(cache.get("n", Codec.NUMBER)).contains(2L);
    cache.clear("k");
    assertThat(cache.getText("k")).isEmpty();
    cache.delete("n");
    assertThat(cache.getText("n")).isEmpty();
  }

  @Test
  void readsThatRequireMoreGoToTheNamespace() {
    MemoryEdge edge = origin.edge();
    Namespace late = edge.open(id);
    edge.setLag(Duration.ofHours(1));
    try (NearCache behind = NearCache.of(late, 10_000)) {
      assertThat(behind.getText("k")).isEmpty();
      var written = namespace.put("k", "one");
      assertThat(behind.getText("k")).isEmpty();
      assertThat(behind.get(Key.of("k"), ReadOptions.STRONG)).isInstanceOf(Lookup.Found.class);
      assertThat(behind.get(Key.of("k"), ReadOptions.PLAIN.atLeast(written.version())))
          .isInstanceOf(Lookup.Found.class);
    }
  }

  @Test
  void theAgeOfACopyIsNeverLessThanItsTrueAge() {
    namespace.put("k", "one");
    MemoryEdge edge = origin.edge();
    Namespace late = edge.open(id);
    edge.setLag(Duration.ofSeconds(5));
    clock.advance(Duration.ofSeconds(10));
    AtomicLong ticks = new AtomicLong();
    try (NearCache behind = new NearCache(late, 10_000, ticks::get, clock)) {
      Key key = Key.of("k");
      assertThat(behind.getAged(key, ReadOptions.PLAIN).age()).contains(Duration.ofSeconds(5));
      ticks.set(Duration.ofSeconds(2).toNanos());
      assertThat(behind.getAged(key, ReadOptions.PLAIN).age()).contains(Duration.ofSeconds(7));
      namespace.put("k", "two");
      clock.advance(Duration.ofSeconds(5));
      ticks.set(Duration.ofSeconds(7).toNanos());
      until(() -> behind.getText("k").orElse("").equals("two"));
      assertThat(behind.getAged(key, ReadOptions.PLAIN).age().orElseThrow())
          .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void anExpiredCopyIsNotAnswered() {
    namespace.put("k", "v", WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(60)));
    assertThat(cache.getText("k")).contains("v");
    clock.advance(Duration.ofSeconds(60));
    assertThat(cache.getText("k")).isEmpty();
  }

  @Test
  void evictsTheOldestCopiesOverTheLimit() {
    for (int i = 0; i < 500; i++) {
      namespace.put("k" + i, "v" + i);
      assertThat(cache.getText("k" + i)).contains("v" + i);
    }
    assertThat(cache.getText("k0")).contains("v0");
  }

  @Test
  void aSlowReadNeverReplacesANewerChange() throws Exception {
    var written = new AtomicLong();
    var done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> one = threads.submit(() -> readUntil(done, written));
      Future<?> other = threads.submit(() -> readUntil(done, written));
      for (long i = 1; i <= 20_000; i++) {
        cache.put("k", Long.toString(i));
        written.set(i);
      }
      done.set(true);
      one.get();
      other.get();
    }
  }

  private void readUntil(AtomicBoolean done, AtomicLong written) {
    while (!done.get()) {
      long before = written.get();
      assertThat(cache.get("k", Codec.NUMBER).orElse(0L)).isGreaterThanOrEqualTo(before);
    }
  }
}
