package selvedge.engine.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.StoreUnusableException;

/**
 * The file that marks a data directory as the one of an edge: a line with the origin that it was
 * started with, another one with the origin that it was told of since, one with the namespaces that
 * its store lacks because they are cached, and one with those that the store lacks that was loaded
 * last.
 */
public final class EdgeFile {
  private static final String NAME = "edge";
  private static final int TOLD = 1;
  private static final int LACKING = 2;
  private static final int LOADING = 3;

  private final Path file;

  public EdgeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Whom the edge follows; empty when the directory belongs to no edge. */
  public Optional<String> read() {
    return lines().map(lines -> lines.get(TOLD));
  }

  /** Whom it follows when it is started with that origin. */
  public String origin(String configured) {
    return lines()
        .filter(lines -> lines.getFirst().equals(configured))
        .map(lines -> lines.get(TOLD))
        .orElse(configured);
  }

  private Optional<List<String>> lines() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() <= TOLD) {
        throw new StoreUnusableException(
            file
                + " is damaged: it must name the origin that this edge follows in its first two"
                + " lines; write them, or delete it if the directory is an origin's");
      }
      return Optional.of(lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** The namespaces that the store in place lacks. */
  public String lacking() {
    return line(LACKING);
  }

  /** The namespaces that the store lacks that was being loaded last. */
  public String loading() {
    return line(LOADING);
  }

  private String line(int number) {
    return lines()
        .filter(lines -> lines.size() > number)
        .map(lines -> lines.get(number))
        .orElse("");
  }

  /**
   * Marks the directory.
   *
   * @param loading the namespaces that a store lacks that is loaded from now on
   */
  public void write(String configured, String told, String loading) {
    write(List.of(configured, told, lacking(), loading));
  }

  /** The store that was loaded is in place. */
  public void installed() {
    lines()
        .ifPresent(
            lines -> write(List.of(lines.getFirst(), lines.get(TOLD), loading(), loading())));
  }

  private void write(List<String> lines) {
    try {
      SyncedFiles.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  public void delete() {
    try {
      if (SyncedFiles.delete(file)) {
        SyncedFiles.syncNames(file.resolveSibling("."));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
