package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of a race.
 *
 * @param root the root of the project
 * @param folder the folder for the data of all contestants
 * @param out receives the progress
 * @param serverVariables environment variables of every Selvedge server
 */
record Environment(Path root, Path folder, PrintWriter out, Map<String, String> serverVariables) {
  private static final String PACKAGES = "apt-get install wrk nginx-light redis-server";

  Environment {
    serverVariables = Map.copyOf(serverVariables);
  }

  /** Returns this environment with a new folder. */
  Environment inNewFolder(String name) throws IOException {
    return new Environment(root, newFolder(name), out, serverVariables);
  }

  Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  /** Searches the path for a program. */
  static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
    return List.of(path.split(":", -1)).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Path require(String program) {
    return find(program)
        .orElseThrow(
            () -> new IllegalStateException(program + " is missing; install it with: " + PACKAGES));
  }

  /** Returns the java program of this JVM. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
