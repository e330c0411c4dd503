package selvedge.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import selvedge.client.NearCache;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;
import selvedge.patterns.CacheOptions;

/** Compares hits of the caches that programs use with hits of a Caffeine cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CachedGetBenchmark {
  private static final int KEYS = 1024;

  /** Keys that are equal to the stored ones but other objects, because programs create new keys. */
  private final Key[] requested = new Key[KEYS];

  private final String[] names = new String[KEYS];
  private final Cache<Key, Bytes> caffeine = Caffeine.newBuilder().maximumSize(10 * KEYS).build();
  private Optional<EmbeddedStore> store = Optional.empty();
  private Optional<NearCache> near = Optional.empty();
  private Optional<selvedge.patterns.Cache<Bytes>> pattern = Optional.empty();
  private int next;

  @Setup
  public void open() throws IOException {
    EmbeddedStore opened = EmbeddedStore.open();
    store = Optional.of(opened);
    Bytes value = Bytes.utf8("x".repeat(1024));
    var cache =
        new selvedge.patterns.Cache<>(
            opened.namespace(), "cache/", Codec.BYTES, CacheOptions.fresh(Duration.ofHours(1)));
    NearCache copies = NearCache.of(opened.namespace(), 100 << 20);
    for (int i = 0; i < KEYS; i++) {
      requested[i] = Key.of("key" + i);
      names[i] = "key" + i;
      opened.namespace().put(requested[i], value, WriteOptions.PLAIN);
      cache.put(names[i], value);
      caffeine.put(requested[i], value);
      requested[i] = Key.of("key" + i);
    }
    for (Key key : requested) {
      copies.get(key, ReadOptions.PLAIN);
    }
    near = Optional.of(copies);
    pattern = Optional.of(cache);
  }

  @TearDown
  public void close() throws IOException {
    near.orElseThrow().close();
    store.orElseThrow().close();
  }

  private int index() {
    next = (next + 1) & (KEYS - 1);
    return next;
  }

  @Benchmark
  public long nearCache() {
    Lookup lookup = near.orElseThrow().get(requested[index()], ReadOptions.PLAIN);
    if (lookup instanceof Lookup.Found found) {
      return found.entry().value().length();
    }
    throw new IllegalStateException("an entry is missing");
  }

  @Benchmark
  public long cachePattern() {
    return pattern.orElseThrow().find(names[index()]).orElseThrow().value().orElseThrow().length();
  }

  @Benchmark
  public long caffeine() {
    return Objects.requireNonNull(caffeine.getIfPresent(requested[index()]), "an entry is missing")
        .length();
  }
}
