package selvedge.verification.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the project, without generated and downloaded ones. */
final class Tree {
  private static final List<String> FOREIGN = List.of("target", "node_modules", ".git");

  private Tree() {}

  static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("STYLE.md"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no STYLE.md above " + start);
  }

  static List<Path> files(String ending) {
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending))
          .filter(Tree::isOwn)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOwn(Path file) {
    for (Path part : root().relativize(file)) {
      if (FOREIGN.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
