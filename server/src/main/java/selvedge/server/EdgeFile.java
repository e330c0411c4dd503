package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that marks a data directory as the one of an edge, and names whom it follows. */
public final class EdgeFile {
  private static final String NAME = "edge";

  private final Path file;

  public EdgeFile(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Empty when the directory belongs to no edge. */
  public Optional<String> read() {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(String origin) {
    try {
      Files.writeString(file, origin + "\n");
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
