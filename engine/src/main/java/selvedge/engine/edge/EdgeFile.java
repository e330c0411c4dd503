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
 * The file that marks a data directory as one of an edge. It has four lines: the configured origin,
 * the origin that the edge follows, the namespaces that the store in use lacks because they are
 * cached, and the namespaces that the store lacks that was loaded last.
 */
public final class EdgeFile {
  private static final String NAME = "edge";
  private static final int FOLLOWED = 1;
  private static final int LACKING = 2;
  private static final int LOADING = 3;

  private final Path file;

  public EdgeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Returns the origin that the edge follows; empty if the directory belongs to no edge. */
  public Optional<String> read() {
    return lines().map(lines -> lines.get(FOLLOWED));
  }

  /**
   * Returns the origin to follow at a start with the configured one: the one that an operator has
   * named since the configuration changed, or else the configured one.
   */
  public String origin(String configured) {
    return lines()
        .filter(lines -> lines.getFirst().equals(configured))
        .map(lines -> lines.get(FOLLOWED))
        .orElse(configured);
  }

  /** Forgets the origin that an operator has named, if the configured one has changed since. */
  public void configure(String configured) {
    if (lines().filter(lines -> !lines.getFirst().equals(configured)).isPresent()) {
      write(configured, configured, loading());
    }
  }

  private Optional<List<String>> lines() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() <= FOLLOWED) {
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

  /** Returns the namespaces that the store in use lacks. */
  public String lacking() {
    return line(LACKING);
  }

  /** Returns the namespaces that the store lacks that was loaded last. */
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
   * @param followed the origin that the edge follows
   * @param loading the namespaces that a store lacks that is loaded from now on
   */
  public void write(String configured, String followed, String loading) {
    write(List.of(configured, followed, lacking(), loading));
  }

  /** Records that the store which was loaded last is in use. */
  public void installed() {
    lines()
        .ifPresent(
            lines -> write(List.of(lines.getFirst(), lines.get(FOLLOWED), loading(), loading())));
  }

  private void write(List<String> lines) {
    try {
      SyncedFiles.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Makes the directory one that belongs to no edge. */
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
