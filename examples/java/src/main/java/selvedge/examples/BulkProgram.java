package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;
import selvedge.patterns.Bulk;

/** Imports many entries. */
final class BulkProgram {
  private BulkProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="bulk"
    List<Bulk.Put> puts = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      WriteOptions options = WriteOptions.PLAIN.metadata(Metadata.json("{\"line\":" + i + "}"));
      puts.add(new Bulk.Put(Key.of("bulk/" + i), Bytes.utf8("v" + i), options));
    }
    WriteOptions onlyOnce = WriteOptions.PLAIN.ifAbsent().expiresIn(Duration.ofDays(1));
    puts.add(new Bulk.Put(Key.of("imported"), Bytes.utf8("yes"), onlyOnce));

    Bulk bulk = Bulk.of(namespace).chunk(500).concurrency(4);
    Bulk.Summary first = bulk.putAll(puts);
    out.println("first: " + first.succeeded() + ", complete: " + first.isComplete());
    Bulk.Summary again = bulk.putAll(puts);
    out.println("again: " + again.succeeded() + ", failed: " + again.failed().keySet());

    Bulk.Read read = bulk.getAll(List.of(Key.of("bulk/7"), Key.of("none")));
    out.println("found: " + read.found().keySet());
    // @end
  }
}
