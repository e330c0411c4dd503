package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.row.JournalRow;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Reads the batches of a file of the journal in order. Confined to one thread.
 *
 * <p>A batch is the mark of its file, a checksum, a length, the version that it follows, how many
 * more batches its commit has, the version that was durable when it was written, and its rows; old
 * files have neither the mark nor the durable version. A batch that is not whole ends the walk. It
 * is damage if the caller knows that the file goes on, or if {@link #proof} says so.
 */
public final class JournalScan implements AutoCloseable {
  /** The size of the header of a new batch. */
  public static final int HEADER_BYTES = JournalLayout.MARKED.batchHeaderBytes();

  private static final int LENGTH = Integer.BYTES;
  private static final int AFTER = 2 * Integer.BYTES;
  private static final int MORE = AFTER + Long.BYTES;
  private static final int DURABLE = MORE + Integer.BYTES;
  private static final int WINDOW_BYTES = 64 << 10;

  private final JournalFile file;
  private final JournalLayout layout;
  private final FileChannel channel;
  private final long size;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long position;
  private Version end;
  private Version durable = Version.NONE;
  private int more;
  private int stop;

  /**
   * @param after the version behind which the batch at the place begins
   */
  public JournalScan(JournalFile file, Version after, long place) throws IOException {
    this.file = file;
    this.layout = file.layout();
    this.end = after;
    this.position = place;
    this.channel = SyncedFiles.openToRead(file.path());
    this.size = channel.size();
  }

  /**
   * Writes a batch into the buffer, which must have room for it.
   *
   * @param mark of the file
   * @param more how many batches of the same commit follow
   * @param durable the last version that is known to be on disk
   */
  public static void pack(
      ByteBuffer buffer,
      long mark,
      Version after,
      int more,
      Version durable,
      List<JournalRow> rows) {
    int start = buffer.position();
    buffer.putLong(mark);
    int sum = buffer.position();
    buffer.position(sum + AFTER).putLong(after.number()).putInt(more).putLong(durable.number());
    for (JournalRow each : rows) {
      each.pack(buffer);
    }
    int stop = buffer.position();
    buffer.putInt(sum + LENGTH, stop - start - HEADER_BYTES);
    buffer.putInt(sum, checksum(buffer, sum, stop));
  }

  /** Returns the checksum of the bytes after the field of the checksum. */
  private static int checksum(ByteBuffer buffer, int sum, int stop) {
    var crc = new CRC32C();
    crc.update(buffer.slice(sum + Integer.BYTES, stop - sum - Integer.BYTES));
    return (int) crc.getValue();
  }

  /** Returns the last version of the batches so far. */
  Version end() {
    return end;
  }

  /** Returns whether the commit of this batch continues in the next one. */
  boolean isPart() {
    return more > 0;
  }

  /** Returns the place at which the next batch begins. */
  long position() {
    return position;
  }

  /** Reads the next batch, and returns false if there is no whole one. */
  boolean next() throws IOException {
    window.position(stop);
    int header = layout.batchHeaderBytes();
    if (!has(header)) {
      return false;
    }
    int length = window.getInt(window.position() + layout.markBytes() + LENGTH);
    if (length <= 0 || length > size - position - header || !has(header + length)) {
      stop = window.position();
      return false;
    }
    int start = window.position();
    int sum = start + layout.markBytes();
    stop = start + header + length;
    if (window.getLong(sum + AFTER) != end.number()
        || !hasMark(window, start)
        || checksum(window, sum, stop) != window.getInt(sum)) {
      stop = start;
      return false;
    }
    file.note(end, position);
    more = window.getInt(sum + MORE);
    if (layout.isMarked()) {
      durable = new Version(window.getLong(sum + DURABLE));
    }
    position += header + length;
    window.position(start + header);
    window.mark();
    while (window.position() < stop) {
      end = JournalRow.skip(window);
    }
    return true;
  }

  private boolean hasMark(ByteBuffer buffer, int start) {
    return !layout.isMarked() || buffer.getLong(start) == file.mark();
  }

  /**
   * Goes from a batch that is not whole to the next one that is, and returns whether there is one.
   * It is found by the mark of the file, which no client knows: a value cannot pretend to be a
   * batch. Old files have no marks, so nothing is found there.
   */
  boolean resume() throws IOException {
    int rest = Math.toIntExact(size - position);
    if (!layout.isMarked() || rest <= HEADER_BYTES) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.allocate(rest);
    while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
    buffer.flip();
    for (int start = 1; start <= buffer.limit() - HEADER_BYTES; start++) {
      if (hasMark(buffer, start) && isWhole(buffer, start)) {
        position += start;
        end = new Version(buffer.getLong(start + layout.markBytes() + AFTER));
        window.limit(0);
        stop = 0;
        return true;
      }
    }
    return false;
  }

  /**
   * Goes past a damaged batch, if that is possible, and returns the changes that are lost to
   * readers.
   *
   * @param until the last version that the file has
   */
  JournalFile.Gap skip(Version until) throws IOException {
    Version after = end;
    long place = position;
    boolean resumed = resume();
    return new JournalFile.Gap(after, resumed ? end : until, place, resumed ? position : -1);
  }

  private boolean isWhole(ByteBuffer buffer, int start) {
    int sum = start + layout.markBytes();
    int length = buffer.getInt(sum + LENGTH);
    return length > 0
        && length <= buffer.limit() - start - HEADER_BYTES
        && checksum(buffer, sum, start + HEADER_BYTES + length) == buffer.getInt(sum);
  }

  /**
   * Returns the newest version that the whole batches from here on prove to be durable, {@link
   * Version#NONE} if they prove nothing. The scan is at its end then.
   */
  Version proof() throws IOException {
    Version proven = Version.NONE;
    do {
      while (next()) {
        proven = proven.compareTo(durable) < 0 ? durable : proven;
      }
    } while (resume());
    return proven;
  }

  /** Returns the rows of this batch after the version. */
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

  /** Reads the given number of bytes into the window, and returns whether the file has them. */
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
    return new StoreDamagedException(damage(position));
  }

  /** Returns a message that the batch at the place is damaged. */
  String damage(long place) {
    return file.path() + " is damaged: the batch at byte " + place + " is not what was written";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
