package selvedge.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
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
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;

/** Compares an embedded get of an entry in memory with a get from a Caffeine cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EmbeddedGetBenchmark {
  private static final int KEYS = 1024;

  /** Keys that are equal to the stored ones but other objects, because programs create new keys. */
  private final Key[] requested = new Key[KEYS];

  private final Cache<Key, Bytes> cache = Caffeine.newBuilder().maximumSize(10 * KEYS).build();
  private Optional<EmbeddedStore> store = Optional.empty();
  private Namespace namespace = MemoryNamespaces.selvedge().namespace("n");
  private int next;

  @Setup
  public void open() throws IOException {
    EmbeddedStore opened = EmbeddedStore.open();
    store = Optional.of(opened);
    namespace = opened.namespace();
    Bytes value = Bytes.utf8("x".repeat(1024));
    for (int i = 0; i < KEYS; i++) {
      Key key = Key.of("key" + i);
      namespace.put(key, value, WriteOptions.PLAIN);
      namespace.get(key, ReadOptions.PLAIN);
      cache.put(key, value);
      requested[i] = Key.of("key" + i);
    }
  }

  @TearDown
  public void close() throws IOException {
    store.orElseThrow().close();
  }

  private Key key() {
    next = (next + 1) & (KEYS - 1);
    return requested[next];
  }

  @Benchmark
  public long embedded() {
    if (namespace.get(key(), ReadOptions.PLAIN) instanceof Lookup.Found found) {
      return found.entry().value().length();
    }
    throw new IllegalStateException("an entry is missing");
  }

  @Benchmark
  public long caffeine() {
    return Objects.requireNonNull(cache.getIfPresent(key()), "an entry is missing").length();
  }
}
