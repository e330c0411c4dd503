package selvedge.engine.store.row;

import java.nio.ByteBuffer;
import selvedge.model.Version;

/** A change in the journal. */
public record JournalRow(Version version, FeedRow change) {
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  /** Returns how many bytes {@link #pack} writes. */
  public int size() {
    return HEADER_BYTES + change.size();
  }

  public void pack(ByteBuffer buffer) {
    byte[] row = change.encode();
    buffer.putLong(version.number()).putInt(row.length).put(row);
  }

  /**
   * Reads a row of the journal.
   *
   * @param journal the name of the file, for messages
   */
  public static JournalRow unpack(ByteBuffer buffer, String journal) {
    var version = new Version(buffer.getLong());
    byte[] row = new byte[buffer.getInt()];
    buffer.get(row);
    return new JournalRow(version, FeedRow.decode(row, journal));
  }

  /** Skips a row and returns its version. */
  public static Version skip(ByteBuffer buffer) {
    var version = new Version(buffer.getLong());
    int size = buffer.getInt();
    buffer.position(buffer.position() + size);
    return version;
  }
}
