package selvedge.engine.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;

/** A small text file whose last line is a checksum of what stands before it. */
public final class CheckedFile {
  private static final String CHECK = "crc32c ";

  private final Path file;

  public CheckedFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** Replaces the file at one moment, and returns once it is on disk. */
  public void write(String text) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, text + CHECK + checksum(text) + "\n");
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      InterruptSafeFile.syncNames(file.resolveSibling("."));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Empty when there is no such file. */
  public Optional<String> read() {
    if (!exists()) {
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
      throw new StoreDamagedException(file + " is not what was written: its checksum is wrong");
    }
    return Optional.of(text);
  }

  /** Returns once it is gone for good. */
  public void delete() {
    try {
      if (Files.deleteIfExists(file)) {
        InterruptSafeFile.syncNames(file.resolveSibling("."));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  private static String checksum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return String.format("%08x", crc.getValue());
  }
}
