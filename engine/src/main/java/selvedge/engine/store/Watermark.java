package selvedge.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The last acknowledged version, beside the database and written after each commit.
 *
 * <p>It is not synced: the page cache outlives a killed process, and the journal is on disk before
 * this can be. A journal that ends before it has lost acknowledged changes. The two last versions
 * stand side by side, since a process can be killed between two words. Belongs to the writer.
 */
final class Watermark {
  private static final int BYTES = 2 * Long.BYTES;
  private static final int PLACES = 2;

  private final Version found;
  private final ByteBuffer file;
  private int place;

  /** Makes the file if there is none. */
  Watermark(Path path) {
    try {
      this.found = found(path);
      fill(path, found);
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        this.file = channel.map(FileChannel.MapMode.READ_WRITE, 0, PLACES * BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + path, e);
    }
  }

  private static Version found(Path path) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return Version.NONE;
    }
    var bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    return IntStream.range(0, Math.min(bytes.capacity() / BYTES, PLACES))
        .mapToObj(place -> get(bytes, place))
        .flatMap(Optional::stream)
        .max(Version::compareTo)
        .orElseThrow(
            () ->
                new StoreDamagedException(
                    path
                        + " is not what was written, so nobody can tell whether changes are"
                        + " missing"));
  }

  private static Optional<Version> get(ByteBuffer bytes, int place) {
    long number = bytes.getLong(place * BYTES);
    boolean whole = number >= 0 && bytes.getLong(place * BYTES + Long.BYTES) == checksum(number);
    return whole ? Optional.of(new Version(number)) : Optional.empty();
  }

  /** Writes the version in both places at one moment. */
  private static void fill(Path path, Version version) throws IOException {
    byte[] both = new byte[PLACES * BYTES];
    for (int i = 0; i < PLACES; i++) {
      put(ByteBuffer.wrap(both), i, version.number());
    }
    Files.write(path, both, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** What was there when it was opened; {@link Version#NONE} if nothing was acknowledged yet. */
  Version found() {
    return found;
  }

  /** Writes a version that follows the last one: into memory that the file shares. */
  void write(Version version) {
    put(file, place, version.number());
    place = (place + 1) % PLACES;
  }

  private static void put(ByteBuffer bytes, int place, long number) {
    bytes.putLong(place * BYTES, number).putLong(place * BYTES + Long.BYTES, checksum(number));
  }

  private static long checksum(long number) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return crc.getValue();
  }
}
