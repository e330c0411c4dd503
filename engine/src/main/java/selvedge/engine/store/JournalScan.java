package selvedge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Walks the batches of a file of the journal. Belongs to one thread.
 *
 * <p>A batch is a checksum, a length, the version that it follows, how many more batches its commit
 * has, and its rows. What is not whole is the end, and whoever knows that the file goes on takes it
 * for damage.
 */
final class JournalScan implements AutoCloseable {
  /** What stands before the rows of a batch. */
  static final int HEADER_BYTES = 3 * Integer.BYTES + Long.BYTES;

  private static final int WINDOW_BYTES = 64 << 10;

  private final JournalFile file;
  private final FileChannel channel;
  private final long size;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long position;
  private Version end;
  private int more;
  private int stop;

  /**
   * @param after the version behind which the batch at the place begins
   */
  JournalScan(JournalFile file, Version after, long place) throws IOException {
    this.file = file;
    this.end = after;
    this.position = place;
    this.channel = FileChannel.open(file.path(), StandardOpenOption.READ);
    this.size = channel.size();
  }

  /**
   * Packs a batch into the buffer, which has room for it.
   *
   * @param more how many batches of the same commit follow
   */
  static void pack(ByteBuffer buffer, Version after, int more, List<JournalRow> rows) {
    int start = buffer.position();
    buffer.position(start + 2 * Integer.BYTES).putLong(after.number()).putInt(more);
    for (JournalRow each : rows) {
      each.pack(buffer);
    }
    int stop = buffer.position();
    buffer.putInt(start + Integer.BYTES, stop - start - HEADER_BYTES);
    buffer.putInt(start, checksum(buffer, start, stop));
  }

  private static int checksum(ByteBuffer buffer, int start, int stop) {
    var crc = new CRC32C();
    crc.update(buffer.slice(start + Integer.BYTES, stop - start - Integer.BYTES));
    return (int) crc.getValue();
  }

  /** The last version of the batches so far. */
  Version end() {
    return end;
  }

  /** Whether the commit of this batch goes on in the next one. */
  boolean isPart() {
    return more > 0;
  }

  /** Goes on to the next batch; false where there is no whole one. */
  boolean next() throws IOException {
    window.position(stop);
    if (!has(HEADER_BYTES)) {
      return false;
    }
    int length = window.getInt(window.position() + Integer.BYTES);
    if (length <= 0
        || length > size - position - HEADER_BYTES
        || window.getLong(window.position() + 2 * Integer.BYTES) != end.number()
        || !has(HEADER_BYTES + length)) {
      return false;
    }
    int start = window.position();
    if (checksum(window, start, start + HEADER_BYTES + length) != window.getInt(start)) {
      return false;
    }
    file.note(end, position);
    more = window.getInt(start + HEADER_BYTES - Integer.BYTES);
    stop = start + HEADER_BYTES + length;
    position += HEADER_BYTES + length;
    window.position(start + HEADER_BYTES);
    window.mark();
    while (window.position() < stop) {
      end = JournalRow.skip(window);
    }
    return true;
  }

  /** The rows of this batch that follow the version. */
  List<JournalRow> rows(Version version) {
    List<JournalRow> rows = new ArrayList<>();
    window.reset();
    while (window.position() < stop) {
      int start = window.position();
      if (JournalRow.skip(window).compareTo(version) > 0) {
        window.position(start);
        rows.add(JournalRow.unpack(window, file.path().toString()));
      }
    }
    return rows;
  }

  /** Brings so many bytes from the position on into the window, if the file has them. */
  private boolean has(int bytes) throws IOException {
    if (bytes > size - position) {
      return false;
    }
    if (bytes <= window.remaining()) {
      return true;
    }
    ByteBuffer wider = ByteBuffer.allocate(Math.max(WINDOW_BYTES, bytes)).put(window);
    long at = position + wider.position();
    while (wider.position() < bytes) {
      int read = channel.read(wider, at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    window = wider.flip();
    return true;
  }

  StoreDamagedException damaged() {
    return new StoreDamagedException(
        file.path() + " is damaged: the batch at byte " + position + " is not what was written");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
