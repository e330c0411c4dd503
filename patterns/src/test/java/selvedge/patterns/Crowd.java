package selvedge.patterns;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many threads that run the same task at the same time. */
final class Crowd {
  static final int SIZE = 64;

  private Crowd() {}

  /** Runs the task on each thread, and returns the results. */
  static <T> List<T> of(int size, Callable<T> work) throws InterruptedException {
    var together = new CyclicBarrier(size);
    List<Callable<T>> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(
          () -> {
            together.await();
            return work.call();
          });
    }
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      for (Future<T> each : threads.invokeAll(all)) {
        results.add(each.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    return results;
  }
}
