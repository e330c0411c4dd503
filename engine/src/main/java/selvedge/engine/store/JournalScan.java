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
 * <p>A batch is a checksum, a length, the version that the batch follows, and its rows. What is not
 * whole is the end, and whoever knows that the file goes on takes it for damage.
 */
final class JournalScan implements AutoCloseable {
  /** What stands before the rows of a batch. */
  static final int HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;

  private static final int WINDOW_BYTES = 64 << 10;

  private final JournalFile file;
  private final FileChannel channel;
  private final long size;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long position;
  private Version end;

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

  /** Packs a batch into the buffer, which has room for it. */
  static void pack(ByteBuffer buffer, Version after, List<JournalRow> rows) {
    int start = buffer.position();
    buffer.position(start + 2 * Integer.BYTES).putLong(after.number());
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

  /** The rows of the next batch; none where there is no whole one. */
  List<JournalRow> next() throws IOException {
    if (!has(HEADER_BYTES)) {
      return List.of();
    }
    int start = window.position();
    int length = window.getInt(start + Integer.BYTES);
    if (length <= 0
        || length > size - position - HEADER_BYTES
        || window.getLong(start + 2 * Integer.BYTES) != end.number()
        || !has(HEADER_BYTES + length)) {
      return List.of();
    }
    start = window.position();
    int stop = start + HEADER_BYTES + length;
    if (checksum(window, start, stop) != window.getInt(start)) {
      return List.of();
    }
    file.note(end, position);
    window.position(start + HEADER_BYTES);
    List<JournalRow> rows = new ArrayList<>();
    while (window.position() < stop) {
      rows.add(JournalRow.unpack(window));
    }
    end = rows.getLast().version();
    position += HEADER_BYTES + length;
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
