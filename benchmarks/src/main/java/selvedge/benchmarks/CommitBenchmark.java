package selvedge.benchmarks;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;

/** Measures committed puts per second of one thread, and of many that share a sync. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CommitBenchmark {
  private static final Bytes VALUE = Bytes.utf8("x".repeat(1024));

  private final AtomicLong next = new AtomicLong();
  private Optional<EmbeddedStore> store = Optional.empty();
  private Namespace namespace = MemoryNamespaces.selvedge().namespace("n");

  @Setup
  public void open() throws IOException {
    EmbeddedStore opened = EmbeddedStore.open();
    store = Optional.of(opened);
    namespace = opened.namespace();
  }

  @TearDown
  public void close() throws IOException {
    store.orElseThrow().close();
  }

  private long put() {
    Key key = Key.of(Long.toHexString(next.getAndIncrement() * 0x9e3779b97f4a7c15L));
    if (namespace.put(key, VALUE, WriteOptions.PLAIN) instanceof Outcome.Accepted accepted) {
      return accepted.version().number();
    }
    throw new IllegalStateException("a put was refused");
  }

  @Benchmark
  @Threads(1)
  public long alone() {
    return put();
  }

  @Benchmark
  @Threads(64)
  public long together() {
    return put();
  }
}
