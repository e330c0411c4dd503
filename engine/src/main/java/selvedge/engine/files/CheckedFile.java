package selvedge.engine.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;

/** A small text file whose last line is the checksum of the lines before it. Holds no state. */
public final class CheckedFile {
  private static final String CHECK = "crc32c ";

  private final Path file;

  public CheckedFile(Path file) {
    this.file = file;
  }

  /** Replaces the file atomically, and returns once it is on disk. */
  public void write(String text) {
    try {
      String whole = text + CHECK + checksum(text) + "\n";
      SyncedFiles.replace(file, whole.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /**
   * Returns the text, or empty if the file does not exist.
   *
   * @throws StoreDamagedException if the checksum does not match
   */
  public Optional<String> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String whole;
    try {
      whole = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    int check = whole.lastIndexOf(CHECK);
    String text = check < 0 ? "" : whole.substring(0, check);
    if (!whole.equals(text + CHECK + checksum(text) + "\n")) {
      throw new StoreDamagedException(file + " is damaged: its checksum is wrong");
    }
    return Optional.of(text);
  }

  /** Deletes the file if it exists, and returns once that is on disk. */
  public void delete() {
    try {
      if (SyncedFiles.delete(file)) {
        SyncedFiles.syncNames(file.resolveSibling("."));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  private static String checksum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
