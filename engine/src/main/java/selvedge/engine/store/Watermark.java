package selvedge.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The last acknowledged version, beside the database and written after each commit.
 *
 * <p>It is not synced: the page cache outlives a killed process, and the log is on disk before this
 * can be. A database that is behind it has lost acknowledged changes. Belongs to the writer.
 */
final class Watermark implements AutoCloseable {
  private static final int BYTES = 2 * Long.BYTES;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);

  private Watermark(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Watermark open(Path file) {
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      return new Watermark(file, channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file, e);
    }
  }

  /** {@link Version#NONE} when nothing has been acknowledged yet. */
  Version read() {
    try {
      if (channel.size() == 0) {
        return Version.NONE;
      }
      buffer.clear();
      while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {}
      buffer.flip();
      boolean whole = channel.size() == BYTES && buffer.remaining() == BYTES;
      long number = whole ? buffer.getLong(0) : -1;
      if (!whole || number < 0 || buffer.getLong(Long.BYTES) != checksum(number)) {
        throw new StoreDamagedException(
            file + " is not what was written, so nobody can tell whether changes are missing");
      }
      return new Version(number);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(Version version) {
    buffer.clear();
    buffer.putLong(version.number()).putLong(checksum(version.number())).flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer, buffer.position());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
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
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + file, e);
    }
  }
}
