package selvedge.cli.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Finds programs that npm has installed in a project, and resources of this program. */
final class Tools {
  private Tools() {}

  /** Searches the project, its parent folders and the path for a program. */
  static Optional<Path> find(Path folder, String name) {
    for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
      Path program = at.resolve("node_modules").resolve(".bin").resolve(name);
      if (Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(directory, name);
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /** Returns a process in the folder. Its PATH begins with the directory of the program. */
  static ProcessBuilder process(List<String> command, Path folder) {
    var builder = new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile());
    builder.environment().putIfAbsent("WRANGLER_SEND_METRICS", "false");
    // A program of npm starts with "env node", which must find the Node.js of the same project.
    String programs = Path.of(command.getFirst()).toAbsolutePath().resolveSibling("").toString();
    builder.environment().merge("PATH", programs, (path, first) -> first + ":" + path);
    return builder;
  }

  /** Returns the text of a file that travels with this program. */
  static String resource(String name) {
    try (InputStream source = Objects.requireNonNull(Tools.class.getResourceAsStream(name), name)) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
