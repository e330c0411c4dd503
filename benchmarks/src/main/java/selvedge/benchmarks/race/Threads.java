package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Repeats operations in several threads of this JVM and measures them. */
final class Threads {
  private Threads() {}

  /** An operation. Belongs to one thread. */
  interface Operation {
    void run() throws IOException;
  }

  /** The operations of one turn. */
  record Counted(long operations, double perSecond, double median, double p99) {}

  /** Runs each operation again and again in its own thread. */
  static Counted repeat(List<? extends Operation> operations, Duration time)
      throws IOException, InterruptedException {
    var all = new Latencies();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(operations.size())) {
      List<Future<Latencies>> runs = new ArrayList<>();
      for (Operation operation : operations) {
        runs.add(threads.submit(() -> repeat(operation, end)));
      }
      for (Future<Latencies> run : runs) {
        all.add(run.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Counted(all.count(), all.count() / seconds, all.micros(0.5), all.micros(0.99));
  }

  private static Latencies repeat(Operation operation, long end) throws IOException {
    var latencies = new Latencies();
    for (long before = System.nanoTime(); before - end < 0; ) {
      operation.run();
      long after = System.nanoTime();
      latencies.record(after - before);
      before = after;
    }
    return latencies;
  }
}
