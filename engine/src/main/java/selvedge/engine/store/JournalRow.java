package selvedge.engine.store;

import java.nio.ByteBuffer;
import selvedge.model.Version;

/** A change as the journal keeps it: its version, and a {@link FeedRow}, packed. */
final class JournalRow {
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private final Version version;
  private final byte[] packed;

  JournalRow(Version version, byte[] packed) {
    this.version = version;
    this.packed = packed;
  }

  Version version() {
    return version;
  }

  /** How many bytes {@link #pack} takes. */
  int size() {
    return HEADER_BYTES + packed.length;
  }

  void pack(ByteBuffer buffer) {
    buffer.putLong(version.number()).putInt(packed.length).put(packed);
  }

  static JournalRow unpack(ByteBuffer buffer) {
    var version = new Version(buffer.getLong());
    byte[] packed = new byte[buffer.getInt()];
    buffer.get(packed);
    return new JournalRow(version, packed);
  }

  /** How many bytes the change itself has. */
  int length() {
    return packed.length;
  }

  /**
   * @param journal where the row was read, for people
   */
  FeedRow decode(String journal) {
    return FeedRow.decode(packed, journal);
  }
}
