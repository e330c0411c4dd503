package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Codec;

/** Loads of a cache that a program requests: a refresh of a key, and a warm-up. */
@Timeout(30)
final class CacheWarmingTest {
  private final Fixture at = new Fixture();
  private final AtomicInteger loads = new AtomicInteger();
  private final Cache<String> cache =
      new Cache<>(
          at.namespace,
          "cache/",
          Codec.TEXT,
          CacheOptions.fresh(Duration.ofSeconds(60)).clock(at.clock));

  private Optional<String> load(String key) {
    return Optional.of(key + " " + loads.incrementAndGet());
  }

  private Cached<String> get() {
    return cache.get("k", this::load);
  }

  private static String fail(AtomicInteger calls) {
    calls.incrementAndGet();
    throw new IllegalStateException("the database is down");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRefreshLoadsAFreshValueAgainAndAFailureKeepsIt() {
    get();
    assertThat(cache.refresh("k", this::load))
        .isEqualTo(new Cached<>(Optional.of("k 2"), Cached.From.LOADER, Duration.ZERO));
    assertThat(get().value()).contains("k 2");
    at.clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(() -> cache.refresh("k", key -> Optional.of(fail(loads))))
        .hasMessage("the database is down");
    assertThat(get().value()).contains("k 2");
    cache.refresh("k", Duration.ofHours(2), this::load);
    at.clock.advance(Duration.ofHours(1));
    assertThat(get().value()).contains("k 4");
    cache.refresh("k", key -> Optional.empty());
    assertThat(get().value()).isEmpty();
  }

  @Test
  void concurrentRefreshesShareALoad() throws InterruptedException {
    get();
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () ->
                      cache.refresh(
                          "k",
                          key -> {
                            entered.countDown();
                            await(release);
                            return load(key);
                          })));
      await(entered);
      while (threads.getLast().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    release.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(loads).hasValue(2);
  }

  @Test
  void warmingLoadsAtMostItsLimit() {
    List<String> keys = List.of("a", "b", "c", "d", "e", "a");
    List<List<String>> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      cache.warm(
          keys,
          2,
          some -> {
            asked.add(some);
            return some.stream().collect(Collectors.toMap(key -> key, key -> "warm"));
          });
    }
    assertThat(asked).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    assertThatThrownBy(() -> cache.warm(keys, 0, some -> Map.of()))
        .hasMessage("limit must be at least 1, got 0");
  }

  @Test
  void anInvalidationWhileAKeyIsWarmedIsNotUndone() {
    cache.warm(
        List.of("invalidated", "put", "kept"),
        keys -> {
          cache.invalidate("invalidated");
          cache.put("put", "new");
          return Map.of("invalidated", "old", "put", "old", "kept", "v");
        });
    assertThat(cache.find("invalidated")).isEmpty();
    assertThat(cache.find("put").orElseThrow().value()).contains("new");
    assertThat(cache.find("kept").orElseThrow().value()).contains("v");
  }

  @Test
  void aFailedWarmingLeavesTheKeysToBeLoaded() {
    assertThatThrownBy(
            () ->
                cache.warm(
                    List.of("k"),
                    keys -> {
                      throw new IllegalStateException("the database is down");
                    }))
        .hasMessage("the database is down");
    assertThat(get().value()).contains("k 1");
  }
}
