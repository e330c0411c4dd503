package selvedge.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.patterns.CoalescingReader;

/** Reads the same keys on many threads with few requests. */
final class ReaderProgram {
  private ReaderProgram() {}

  static void run(Namespace namespace, PrintStream out) throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      namespace.put("product/" + i, "p" + i);
    }
    // @start region="reader"
    var reader = new CoalescingReader(namespace);
    List<Future<Lookup>> lookups = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        Key key = Key.of("product/" + i % 20);
        lookups.add(threads.submit(() -> reader.get(key)));
      }
    }
    long found = 0;
    for (Future<Lookup> lookup : lookups) {
      found += lookup.resultNow() instanceof Lookup.Found ? 1 : 0;
    }
    // @end
    out.println("found: " + found);
  }
}
