package selvedge.engine.store.row;

import selvedge.model.Bytes;

/** Where the bytes of a value are. */
public sealed interface Stored {

  long length();

  /** In the row itself. */
  record Inline(Bytes bytes) implements Stored {
    @Override
    public long length() {
      return bytes.length();
    }
  }

  /** In rows of their own, all of {@code chunkBytes} but the last. */
  record Chunked(ValueId id, long length, int chunkBytes) implements Stored {
    public static final int BYTES = ValueId.BYTES + Long.BYTES + Integer.BYTES;

    public int chunks() {
      return Math.toIntExact((length + chunkBytes - 1) / chunkBytes);
    }

    /** The size of one chunk, counted from zero. */
    public int chunkSize(int chunk) {
      return (int) Math.min(chunkBytes, length - (long) chunk * chunkBytes);
    }
  }
}
