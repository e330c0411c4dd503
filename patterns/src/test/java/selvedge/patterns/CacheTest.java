package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.StorageFullException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

@Timeout(30)
final class CacheTest {
  private final Fixture at = new Fixture();
  private final AtomicInteger loads = new AtomicInteger();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final List<String> warnings = new ArrayList<>();
  private final CacheOptions options =
      CacheOptions.fresh(Duration.ofSeconds(60))
          .stale(Duration.ofSeconds(600))
          .missing(Duration.ofSeconds(10))
          .clock(at.clock)
          .background(background::add)
          .warned((key, failure) -> warnings.add(key + ": " + failure.getMessage()));
  private final Cache<String> cache = cache(options);

  private Cache<String> cache(CacheOptions given) {
    return new Cache<>(at.namespace, "cache/", Codec.TEXT, given);
  }

  private Optional<String> load(String key) {
    return Optional.of(key + " " + loads.incrementAndGet());
  }

  private Cached<String> get(Cache<String> from) {
    return from.get("k", this::load);
  }

  private static Cached<String> cached(String value, Cached.From from, long seconds) {
    return new Cached<>(Optional.of(value), from, Duration.ofSeconds(seconds));
  }

  @Test
  void loadsAValueOnceAndReturnsItsAge() {
    assertThat(get(cache)).isEqualTo(cached("k 1", Cached.From.LOADER, 0));
    at.clock.advance(Duration.ofSeconds(59));
    assertThat(get(cache)).isEqualTo(cached("k 1", Cached.From.CACHE, 59));
  }

  @Test
  void concurrentGetsLoadAKeyOnce() throws InterruptedException {
    List<Cached<String>> answers = Crowd.of(Crowd.SIZE, () -> get(cache));
    assertThat(answers).map(answer -> answer.value().orElseThrow()).containsOnly("k 1");
    assertThat(loads).hasValue(1);
  }

  @Test
  void concurrentProcessesLoadAKeyOnceWithALease() throws InterruptedException {
    var locks = new Locks(at.namespace, "lock/");
    List<Cached<String>> answers = Crowd.of(8, () -> get(cache(options.locks(locks))));
    assertThat(answers).map(answer -> answer.value().orElseThrow()).containsOnly("k 1");
    assertThat(loads).hasValue(1);
  }

  /** A cache without protection against concurrent loads. */
  private record Naive(Namespace namespace, CyclicBarrier both, AtomicInteger loads) {
    String get() throws Exception {
      Optional<String> there = namespace.getText("naive");
      both.await();
      if (there.isPresent()) {
        return there.get();
      }
      namespace.put("naive", "v" + loads.incrementAndGet());
      return "v";
    }
  }

  @Test
  void aNaiveCacheLoadsAKeyManyTimes() throws InterruptedException {
    var naive = new Naive(at.namespace, new CyclicBarrier(Crowd.SIZE), loads);
    Crowd.of(Crowd.SIZE, naive::get);
    assertThat(loads).hasValue(Crowd.SIZE);
  }

  @Test
  void returnsAStaleValueWhileANewOneIsLoaded() {
    get(cache);
    at.clock.advance(Duration.ofSeconds(61));
    assertThat(get(cache)).isEqualTo(cached("k 1", Cached.From.STALE, 61));
    assertThat(get(cache).value()).contains("k 1");
    background.forEach(Runnable::run);
    assertThat(loads).hasValue(2);
    assertThat(get(cache)).isEqualTo(cached("k 2", Cached.From.CACHE, 0));
  }

  @Test
  void returnsAStaleValueWhenTheLoaderFails() {
    get(cache);
    at.clock.advance(Duration.ofSeconds(61));
    Cached<String> stale =
        cache.get(
            "k",
            key -> {
              throw new IllegalStateException("the database is down");
            });
    background.forEach(Runnable::run);
    assertThat(stale.value()).contains("k 1");
    assertThat(warnings).containsExactly("k: the database is down");
    assertThatThrownBy(
            () ->
                cache.get(
                    "other",
                    key -> {
                      throw new IllegalStateException("the database is down");
                    }))
        .hasMessage("the database is down");
  }

  @Test
  void refreshesAValueAhead() {
    Cache<String> ahead = cache(options.refreshAhead(Duration.ofSeconds(15)));
    get(ahead);
    at.clock.advance(Duration.ofSeconds(46));
    assertThat(get(ahead).from()).isEqualTo(Cached.From.CACHE);
    background.forEach(Runnable::run);
    at.clock.advance(Duration.ofSeconds(20));
    assertThat(get(ahead)).isEqualTo(cached("k 2", Cached.From.CACHE, 20));
  }

  @Test
  void storesThatAKeyHasNoValue() {
    for (int i = 0; i < 5; i++) {
      Cached<String> none =
          cache.get(
              "none",
              key -> {
                loads.incrementAndGet();
                return Optional.empty();
              });
      assertThat(none.value()).isEmpty();
    }
    assertThat(loads).hasValue(1);
    at.clock.advance(Duration.ofSeconds(10));
    assertThat(cache.get("none", this::load).value()).contains("none 2");
  }

  @Test
  void loadsInvalidatedKeysAgain() {
    for (int i = 0; i < 3000; i++) {
      cache.put("p/" + i, "v");
    }
    cache.put("k", "old");
    cache.invalidatePrefix("p/");
    assertThat(at.namespace.keys("cache/p/")).isEmpty();
    assertThat(get(cache).value()).contains("old");
    cache.invalidate("k");
    assertThat(get(cache).value()).contains("k 1");
  }

  @Test
  void warmingLoadsOnlyWhatIsMissing() {
    cache.put("a", "there");
    List<List<String>> asked = new ArrayList<>();
    int loaded =
        cache.warm(
            List.of("a", "b", "c"),
            keys -> {
              asked.add(keys);
              return Map.of("b", "warm");
            });
    assertThat(asked).containsExactly(List.of("b", "c"));
    assertThat(loaded).isEqualTo(1);
    assertThat(cache.get("b", this::load).value()).contains("warm");
    assertThat(cache.get("a", this::load).value()).contains("there");
  }

  @Test
  void findsFreshValuesOnly() {
    assertThat(cache.find("k")).isEmpty();
    cache.put("k", "v");
    assertThat(cache.find("k")).contains(cached("v", Cached.From.CACHE, 0));
    at.clock.advance(Duration.ofSeconds(61));
    assertThat(cache.find("k")).isEmpty();
    cache.putMissing("k");
    assertThat(cache.find("k").orElseThrow().value()).isEmpty();
  }

  @Test
  void loadsValuesThatCannotBeDecodedAgain() {
    cache.put("k", "put by an older release");
    var numbers = new Cache<>(at.namespace, "cache/", Codec.NUMBER, options);
    assertThat(numbers.get("k", key -> Optional.of(7L)).value()).contains(7L);
    assertThat(warnings).isNotEmpty().allMatch(each -> each.contains("is not a whole number"));
  }

  @Test
  void oneOfManyConcurrentPutsIfAbsentSucceeds() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Optional<Cached<String>>> answers =
        Crowd.of(Crowd.SIZE, () -> cache.putIfAbsent("k", "v" + next.incrementAndGet()));
    assertThat(answers).filteredOn(Optional::isEmpty).hasSize(1);
    String winner = cache.find("k").orElseThrow().value().orElseThrow();
    assertThat(answers)
        .filteredOn(Optional::isPresent)
        .allMatch(there -> there.orElseThrow().value().orElseThrow().equals(winner));
  }

  @Test
  void aStaleValueCountsAsAbsent() {
    cache.put("k", "old");
    at.clock.advance(Duration.ofSeconds(61));
    assertThat(cache.putIfAbsent("k", "new")).isEmpty();
    assertThat(cache.find("k")).contains(cached("new", Cached.From.CACHE, 0));
  }

  @Test
  void aMissingValueIsNotRefreshedAhead() {
    var ahead = cache(options.refreshAhead(Duration.ofSeconds(10)));
    ahead.get("k", key -> Optional.empty());
    at.clock.advance(Duration.ofSeconds(9));
    assertThat(ahead.get("k", this::load).value()).isEmpty();
    assertThat(background).isEmpty();
  }

  private static String fail(AtomicInteger calls) {
    calls.incrementAndGet();
    throw new IllegalStateException("the database is down");
  }

  @Test
  void aFailingLoaderRunsOnceForAllWaitingGets() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var failures = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      cache.get(
                          "k",
                          key -> {
                            entered.countDown();
                            await(release);
                            return Optional.of(fail(loads));
                          });
                    } catch (IllegalStateException e) {
                      failures.incrementAndGet();
                    }
                  }));
      await(entered);
      while (threads.getLast().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    release.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).hasValue(30);
    assertThat(loads).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStaleKeyWhoseLoaderFailsIsNotLoadedAtEveryGet() {
    get(cache);
    at.clock.advance(Duration.ofSeconds(61));
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get("k", key -> Optional.of(fail(loads))).value()).contains("k 1");
      background.forEach(Runnable::run);
      background.clear();
    }
    assertThat(loads).hasValue(2);
    at.clock.advance(Duration.ofSeconds(30));
    get(cache);
    background.forEach(Runnable::run);
    assertThat(get(cache).value()).contains("k 3");
  }

  @Test
  void aValueThatCannotBeStoredIsReturned() {
    var full =
        new WrappedNamespace(at.namespace) {
          @Override
          public Outcome put(Key key, Value value, WriteOptions options) {
            throw new StorageFullException("the disk is full");
          }
        };
    var unreliable = new Cache<>(full, "cache/", Codec.TEXT, options);
    assertThat(unreliable.get("k", this::load).value()).contains("k 1");
    assertThat(warnings).containsExactly("k: the disk is full");
  }

  @Test
  void anInvalidationDuringALoadIsNotUndone() {
    cache.get(
        "absent",
        key -> {
          cache.invalidate("absent");
          return Optional.of("old");
        });
    assertThat(cache.find("absent")).isEmpty();
    cache.get(
        "prefix/absent",
        key -> {
          cache.invalidatePrefix("prefix/");
          return Optional.of("old");
        });
    assertThat(cache.find("prefix/absent")).isEmpty();
    cache.get(
        "replaced",
        key -> {
          cache.put("replaced", "new");
          return Optional.of("old");
        });
    assertThat(cache.find("replaced").orElseThrow().value()).contains("new");
    get(cache);
    at.clock.advance(Duration.ofSeconds(61));
    cache.get(
        "k",
        key -> {
          cache(options).invalidate("k");
          return Optional.of("old");
        });
    background.forEach(Runnable::run);
    assertThat(cache.find("k")).isEmpty();
  }

  @Test
  void loadsAKeyWithAForeignEntryAgain() {
    at.namespace.put("cache/k", "foreign");
    assertThat(cache.find("k")).isEmpty();
    assertThat(get(cache)).isEqualTo(cached("k 1", Cached.From.LOADER, 0));
    assertThat(get(cache).from()).isEqualTo(Cached.From.CACHE);
    assertThat(warnings).isNotEmpty();
  }

  @Test
  void aLifetimePerCallIsStoredWithTheValueAndFormZeroIsRead() {
    cache.put("short", "v", Duration.ofSeconds(5));
    cache.get("long", Duration.ofHours(2), this::load);
    at.clock.advance(Duration.ofSeconds(5));
    assertThat(cache.find("short")).isEmpty();
    at.clock.advance(Duration.ofHours(1));
    assertThat(cache.find("long").orElseThrow().value()).contains("long 1");
    long now = at.clock.instant().toEpochMilli();
    at.namespace.put(
        "cache/old", "v", WriteOptions.PLAIN.metadata(Metadata.json("[" + now + ",1]")));
    assertThat(cache.find("old")).contains(cached("v", Cached.From.CACHE, 0));
    at.namespace.put(
        "cache/none", "", WriteOptions.PLAIN.metadata(Metadata.json("[" + now + ",0]")));
    assertThat(cache.find("none").orElseThrow().value()).isEmpty();
  }

  private Cache<List<String>> lists(AtomicInteger decoded, CacheOptions given) {
    Codec<List<String>> codec =
        Codec.of(
            list -> Bytes.utf8(String.join(",", list)),
            bytes -> {
              decoded.incrementAndGet();
              return new ArrayList<>(List.of(bytes.utf8().split(",", -1)));
            });
    return new Cache<>(at.namespace, "lists/", codec, given);
  }

  @Test
  void eachCallerReceivesAValueOfItsOwn() {
    Cache<List<String>> lists = lists(new AtomicInteger(), options);
    lists.put("k", List.of("a"));

    lists.find("k").orElseThrow().value().orElseThrow().add("b");

    assertThat(lists.find("k").orElseThrow().value()).contains(List.of("a"));
  }

  @Test
  void aHitDecodesNothingIfDecodedValuesAreKept() {
    var decoded = new AtomicInteger();
    Cache<List<String>> lists = lists(decoded, options.keepDecoded(10_000));
    lists.put("k", List.of("a"));

    List<String> first = lists.find("k").orElseThrow().value().orElseThrow();
    List<String> second = lists.get("k", key -> Optional.empty()).value().orElseThrow();

    assertThat(second).isSameAs(first);
    assertThat(decoded).hasValue(1);
  }

  @Test
  void aKeptValueEndsWithItsEntry() {
    Cache<List<String>> lists = lists(new AtomicInteger(), options.keepDecoded(10_000));
    lists.put("k", List.of("a"));
    assertThat(lists.find("k").orElseThrow().value()).contains(List.of("a"));

    lists(new AtomicInteger(), options).put("k", List.of("b"));
    assertThat(lists.find("k").orElseThrow().value()).contains(List.of("b"));

    at.clock.advance(Duration.ofSeconds(61));
    assertThat(lists.find("k")).isEmpty();
    lists.invalidate("k");
    lists.putMissing("k");
    assertThat(lists.find("k").orElseThrow().value()).isEmpty();
  }

  @Test
  void aKeptValueIsOfItsEntryEvenIfARestoredStoreUsesTheVersionAgain() {
    Cache<List<String>> lists =
        new Cache<>(
            new WrappedNamespace(at.namespace) {
              @Override
              public Lookup get(Key key, ReadOptions read) {
                Entry found = super.get(key, read).orElseThrow();
                var version = new Version(1);
                return new Lookup.Found(
                    new Entry(key, found.value(), found.metadata(), found.expiry(), version),
                    version);
              }
            },
            "lists/",
            Codec.of(list -> Bytes.utf8(list.getFirst()), bytes -> List.of(bytes.utf8())),
            options.keepDecoded(10_000));
    lists.put("k", List.of("a"));
    assertThat(lists.find("k").orElseThrow().value()).contains(List.of("a"));

    at.clock.advance(Duration.ofMillis(1));
    lists.put("k", List.of("b"));

    assertThat(lists.find("k").orElseThrow().value()).contains(List.of("b"));
  }

  @Test
  void keepsNoValueThatHasMoreThanHalfOfTheSize() {
    var decoded = new AtomicInteger();
    Cache<List<String>> lists = lists(decoded, options.keepDecoded(10_000));
    lists.put("k", List.of("a".repeat(6_000)));

    lists.find("k");
    lists.find("k");

    assertThat(decoded).hasValue(2);
  }
}
