package selvedge.model.wire;

/** The types of frames, by the first byte of their payload. */
final class Frame {
  static final int HELLO = 1;
  static final int PLACED = 2;
  static final int PUT = 3;
  static final int DELETE = 4;
  static final int CLEAR = 5;
  static final int CHUNK = 6;
  static final int HEARTBEAT = 7;
  static final int END = 8;
  static final int OUTLINE = 9;
  static final int REST = 10;
  static final int TIMED_PUT = 11;

  /** Stands for the moment of expiry of an entry that has none. */
  static final long NEVER = Long.MAX_VALUE;

  /** A longer value follows its frame in chunks of this size. */
  static final int INLINE_BYTES_MAX = 256 * 1024;

  /** No frame of ours is longer. */
  static final int PAYLOAD_BYTES_MAX = INLINE_BYTES_MAX + 64 * 1024;

  private Frame() {}
}
