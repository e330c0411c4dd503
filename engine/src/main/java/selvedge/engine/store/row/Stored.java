package selvedge.engine.store.row;

import selvedge.model.Bytes;

/** A value as a row stores it: inline, or as a reference to its chunks. */
public sealed interface Stored {

  long length();

  /** A value in the row itself. */
  record Inline(Bytes bytes) implements Stored {
    @Override
    public long length() {
      return bytes.length();
    }
  }

  /** A value in rows of its own. Every chunk but the last has {@code chunkBytes}. */
  record Chunked(ValueId id, long length, int chunkBytes) implements Stored {
    public static final int BYTES = ValueId.BYTES + Long.BYTES + Integer.BYTES;

    public int chunks() {
      return Math.toIntExact((length + chunkBytes - 1) / chunkBytes);
    }

    /** Returns the size of a chunk. Chunks are numbered from zero. */
    public int chunkSize(int chunk) {
      return (int) Math.min(chunkBytes, length - (long) chunk * chunkBytes);
    }
  }
}
