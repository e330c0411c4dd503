package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a race takes place.
 *
 * @param root of the project
 * @param folder for the data of all contestants
 * @param out hears how it goes
 */
record Field(Path root, Path folder, PrintWriter out) {
  private static final String PACKAGES = "apt-get install wrk nginx-light redis-server";

  Path fresh(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  /** Looks a program up, as a shell does. */
  static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
    return List.of(path.split(":", -1)).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Path require(String program) {
    return find(program)
        .orElseThrow(() -> new IllegalStateException(program + " is missing: " + PACKAGES));
  }

  /** The java that runs this. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
