package selvedge.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.spring.JavaCodec;
import selvedge.spring.SelvedgeProperties;

final class SelvedgeCacheTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final Selvedge selvedge = MemoryNamespaces.selvedge(clock);
  private final SelvedgeCaches manager =
      manager(
          new SelvedgeProperties.Cache(
              true,
              "cache",
              Duration.ofMinutes(10),
              Duration.ZERO,
              Duration.ZERO,
              Duration.ofMinutes(1),
              true,
              10,
              Map.of(
                  "patient",
                  new SelvedgeProperties.Cache.One(null, Duration.ofHours(1), null, null),
                  "without nulls",
                  new SelvedgeProperties.Cache.One(null, null, null, Duration.ZERO))));
  private final Cache cache = manager.getCache("books");

  private SelvedgeCaches manager(SelvedgeProperties.Cache properties) {
    ClassLoader classes = SelvedgeCacheTest.class.getClassLoader();
    return new SelvedgeCaches(selvedge, properties, new JavaCodec(classes), clock);
  }

  @Test
  void aValueIsCachedUntilItIsStale() {
    assertThat(cache.get("k")).isNull();
    cache.put("k", "v");
    assertThat(cache.get("k")).extracting(Cache.ValueWrapper::get).isEqualTo("v");
    assertThat(cache.get("k", String.class)).isEqualTo("v");
    clock.advance(Duration.ofMinutes(10));
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void refusesAValueOfAnotherType() {
    cache.put("k", "v");
    assertThatThrownBy(() -> cache.get("k", Integer.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("under \"k\" is a java.lang.String, no java.lang.Integer");
  }

  @Test
  void cachesNullForItsOwnTime() {
    cache.put("k", null);
    assertThat(cache.get("k")).extracting(Cache.ValueWrapper::get).isNull();
    clock.advance(Duration.ofMinutes(1));
    assertThat(cache.get("k")).isNull();
    Cache without = manager.getCache("without nulls");
    without.put("k", "v");
    without.put("k", null);
    assertThat(without.get("k")).isNull();
  }

  @Test
  void clearsOneCacheOnly() {
    cache.put("k", "v");
    Cache other = manager.getCache("books:old");
    other.put("k", "w");
    cache.clear();
    assertThat(cache.get("k")).isNull();
    assertThat(other.get("k", String.class)).isEqualTo("w");
    other.evict("k");
    assertThat(other.get("k")).isNull();
  }

  @Test
  void putIfAbsentKeepsAnExistingValue() {
    assertThat(cache.putIfAbsent("k", "v")).isNull();
    assertThat(cache.putIfAbsent("k", "w")).extracting(Cache.ValueWrapper::get).isEqualTo("v");
    assertThat(cache.putIfAbsent("k", null)).extracting(Cache.ValueWrapper::get).isEqualTo("v");
    assertThat(cache.get("k", String.class)).isEqualTo("v");
  }

  @Test
  void callsALoaderOnceAndWrapsItsFailureAsSpringDoes() {
    AtomicInteger loads = new AtomicInteger();
    assertThat(cache.get("k", () -> "v" + loads.incrementAndGet())).isEqualTo("v1");
    assertThat(cache.get("k", () -> "v" + loads.incrementAndGet())).isEqualTo("v1");
    assertThatThrownBy(
            () ->
                cache.get(
                    "other",
                    () -> {
                      throw new IOException("the catalogue is shut");
                    }))
        .isInstanceOf(Cache.ValueRetrievalException.class)
        .hasRootCauseMessage("the catalogue is shut");
  }

  @Test
  void returnsAStaleValueWhileANewOneIsLoaded() throws InterruptedException {
    Cache patient = manager.getCache("patient");
    patient.put("k", "old");
    clock.advance(Duration.ofMinutes(11));
    assertThat(patient.get("k")).isNull();
    CountDownLatch loaded = new CountDownLatch(1);
    assertThat(
            patient.<String>get(
                "k",
                () -> {
                  loaded.countDown();
                  throw new IOException("the catalogue is shut");
                }))
        .isEqualTo("old");
    loaded.await();
  }

  @Test
  void cachesTheResultOfAFuture() throws InterruptedException, ExecutionException {
    assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("v")).get())
        .isEqualTo("v");
    assertThat(Objects.requireNonNull(cache.retrieve("k")).get())
        .isInstanceOfSatisfying(
            Cache.ValueWrapper.class, wrapper -> assertThat(wrapper.get()).isEqualTo("v"));
    CompletableFuture<String> failing =
        cache.retrieve(
            "other",
            () -> CompletableFuture.failedFuture(new IOException("the catalogue is shut")));
    assertThatThrownBy(failing::get).hasRootCauseMessage("the catalogue is shut");
  }

  @Test
  void refusesAValueThatCannotBeEncoded() {
    assertThatThrownBy(() -> cache.put("k", new Object()))
        .hasMessageContaining("java.lang.Object cannot be kept")
        .hasMessageContaining("Serializable");
  }

  @Test
  void hitsAndMissesAreCounted() {
    cache.get("k");
    cache.put("k", "v");
    cache.get("k");
    cache.evict("k");
    var registry = new SimpleMeterRegistry();
    new SelvedgeCacheMetrics((SelvedgeCache) cache, Tags.empty()).bindTo(registry);
    assertThat(registry.get("cache.gets").tag("result", "hit").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("cache.gets").tag("result", "miss").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("cache.puts").functionCounter().count()).isEqualTo(1);
    assertThat(registry.get("cache.evictions").functionCounter().count()).isEqualTo(1);
  }

  @Test
  void returnsTheNamesOfConfiguredAndUsedCaches() {
    assertThat(manager.getCacheNames()).containsExactly("books", "patient", "without nulls");
  }
}
