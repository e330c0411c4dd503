package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file that marks a data directory as the one of an edge: a line with the origin that it was
 * started with, and another one with the origin that it was told of since.
 */
public final class EdgeFile {
  private static final String NAME = "edge";

  private final Path file;

  public EdgeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Whom the edge follows; empty when the directory belongs to no edge. */
  public Optional<String> read() {
    return lines().map(List::getLast);
  }

  /** Whom it follows when it is started with that origin. */
  String origin(String configured) {
    return lines()
        .filter(lines -> lines.getFirst().equals(configured))
        .map(List::getLast)
        .orElse(configured);
  }

  private Optional<List<String>> lines() {
    try {
      return Files.exists(file)
          ? Optional.of(Files.readAllLines(file)).filter(lines -> !lines.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(String configured, String told) {
    try {
      Files.write(file, List.of(configured, told));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
