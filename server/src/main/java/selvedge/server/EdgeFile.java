package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file that marks a data directory as the one of an edge: a line with the origin that it was
 * started with, another one with the origin that it was told of since, and one with the namespaces
 * that its store lacks because they are cached.
 */
public final class EdgeFile {
  private static final String NAME = "edge";
  private static final int TOLD = 1;
  private static final int LACKING = 2;

  private final Path file;

  public EdgeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Whom the edge follows; empty when the directory belongs to no edge. */
  public Optional<String> read() {
    return lines().map(lines -> lines.get(TOLD));
  }

  /** Whom it follows when it is started with that origin. */
  String origin(String configured) {
    return lines()
        .filter(lines -> lines.getFirst().equals(configured))
        .map(lines -> lines.get(TOLD))
        .orElse(configured);
  }

  private Optional<List<String>> lines() {
    try {
      return Files.exists(file)
          ? Optional.of(Files.readAllLines(file)).filter(lines -> lines.size() > TOLD)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** The namespaces of which the store has nothing, as they were written. */
  String lacking() {
    return lines()
        .filter(lines -> lines.size() > LACKING)
        .map(lines -> lines.get(LACKING))
        .orElse("");
  }

  void write(String configured, String told) {
    write(List.of(configured, told, lacking()));
  }

  /** Another store is in place. */
  void write(String lacking) {
    lines().ifPresent(lines -> write(List.of(lines.getFirst(), lines.get(TOLD), lacking)));
  }

  private void write(List<String> lines) {
    try {
      Files.write(file, lines);
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
