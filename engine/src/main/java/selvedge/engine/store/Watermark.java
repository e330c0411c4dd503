package selvedge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The last acknowledged version, beside the database and written after each commit.
 *
 * <p>It is not synced: the page cache outlives a killed process, and the journal is on disk before
 * this can be. A journal that ends before it has lost acknowledged changes. The two last versions
 * stand side by side, so that one is whole whatever interrupts the write of the other. Belongs to
 * the writer.
 */
final class Watermark implements AutoCloseable {
  private static final int BYTES = 2 * Long.BYTES;
  private static final int PLACES = 2;

  private final Path path;
  private final Version found;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PLACES * BYTES);
  private @Nullable SteadyFile file;
  private int place;

  /** Reads the file, if there is one; the first write opens it. */
  Watermark(Path path) {
    this.path = path;
    try {
      this.found = found(path);
    } catch (IOException e) {
      throw Failures.translate(e, "read " + path);
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

  /** What was there when it was opened; {@link Version#NONE} if nothing was acknowledged yet. */
  Version found() {
    return found;
  }

  /** Writes a version that does not precede the last one: in both places at first, then in one. */
  void write(Version version) {
    put(place, version);
    place = (place + 1) % PLACES;
    try {
      if (file == null) {
        put(place, version);
        file = SteadyFile.open(path);
      }
      file.write(buffer, 0);
    } catch (IOException e) {
      throw Failures.translate(e, "write " + path);
    }
  }

  private void put(int place, Version version) {
    buffer
        .putLong(place * BYTES, version.number())
        .putLong(place * BYTES + Long.BYTES, checksum(version.number()));
  }

  private static long checksum(long number) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return crc.getValue();
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw Failures.translate(e, "close " + path);
      }
    }
  }
}
