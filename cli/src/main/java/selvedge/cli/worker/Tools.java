package selvedge.cli.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the programs that npm has put beside a project. */
final class Tools {
  private Tools() {}

  /** Looks in the project, in the folders above it and on the path. */
  static Optional<Path> find(Path folder, String name) {
    for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
      Path program = at.resolve("node_modules").resolve(".bin").resolve(name);
      if (Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    for (String each : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(each, name);
      if (!each.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
