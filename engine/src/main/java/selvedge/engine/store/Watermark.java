package selvedge.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The last acknowledged version, beside the database and written after each commit.
 *
 * <p>It is not synced: the page cache outlives a killed process, and the journal is on disk before
 * this can be. A journal that ends before it has lost acknowledged changes. Belongs to the writer.
 */
final class Watermark implements AutoCloseable {
  private static final int BYTES = 2 * Long.BYTES;

  private final Path path;
  private final SteadyFile file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);

  private Watermark(Path path, SteadyFile file) {
    this.path = path;
    this.file = file;
  }

  static Watermark open(Path path) {
    try {
      return new Watermark(path, SteadyFile.open(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + path, e);
    }
  }

  /** {@link Version#NONE} when nothing has been acknowledged yet. */
  Version read() {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
    if (bytes.length == 0) {
      return Version.NONE;
    }
    var written = ByteBuffer.wrap(bytes);
    long number = bytes.length == BYTES ? written.getLong() : -1;
    if (number < 0 || written.getLong() != checksum(number)) {
      throw new StoreDamagedException(
          path + " is not what was written, so nobody can tell whether changes are missing");
    }
    return new Version(number);
  }

  void write(Version version) {
    buffer.clear();
    buffer.putLong(version.number()).putLong(checksum(version.number())).flip();
    try {
      file.write(buffer, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  private static long checksum(long number) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return crc.getValue();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + path, e);
    }
  }
}
