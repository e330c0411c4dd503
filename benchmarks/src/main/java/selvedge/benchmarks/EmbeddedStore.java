package selvedge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;

/** A store in a temporary folder, which is deleted with it. */
record EmbeddedStore(Path folder, Selvedge selvedge) implements AutoCloseable {
  static EmbeddedStore open() throws IOException {
    Path folder = Files.createTempDirectory("selvedge-benchmark");
    return new EmbeddedStore(folder, Selvedge.open(folder));
  }

  Namespace namespace() {
    return selvedge.namespace("n");
  }

  @Override
  public void close() throws IOException {
    selvedge.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
