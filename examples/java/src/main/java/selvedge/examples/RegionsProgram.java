package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import selvedge.model.Bytes;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;
import selvedge.patterns.Regional;

/** Writes in one region and reads in another one. */
final class RegionsProgram {
  private RegionsProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="regions"
    var frankfurt = new Regional(namespace, "fra");
    WriteOptions options = WriteOptions.PLAIN.metadata(Metadata.json("{\"by\":\"alice\"}"));
    Outcome put = frankfurt.put("profile", Bytes.utf8("alice"), options);

    // In a program in Sydney, with the namespace of the edge there.
    var sydney = new Regional(namespace, "syd");
    Regional.waitUntilVisible(namespace, put.version(), Duration.ofSeconds(1));
    Regional.Written written = sydney.get("profile", ReadOptions.PLAIN).orElseThrow();
    out.println(written.value().utf8() + " from " + written.region());
    out.println(written.stamp().metadata() + ", age known: " + written.age().isPresent());
    // @end
  }
}
