package selvedge.engine.store.rocks;

import selvedge.engine.store.Upload;
import selvedge.engine.store.row.RowWriter;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.model.Bytes;
import selvedge.model.Value;

/**
 * A large value that is written in chunks.
 *
 * <p>One thread writes, finishes and closes it. The writer claims it for a commit, and reports
 * whether the commit succeeded. The monitor guards only the state and is not held during I/O.
 */
final class RocksUpload implements Upload {
  private final Uploads uploads;
  private final ValueId id;
  private final int chunkBytes;
  private int chunks;
  private long length;
  private State state = State.OPEN;

  private enum State {
    /** Accepts bytes. */
    OPEN,
    /** Waits for a commit. */
    FINISHED,
    /** In a commit that has not ended. */
    CLAIMED,
    /** In a commit that has not ended; freed if the commit fails. */
    CLAIMED_AND_CLOSED,
    /** Belongs to an entry, or its rows are deleted. */
    ENDED
  }

  RocksUpload(Uploads uploads, ValueId id, int chunkBytes) {
    this.uploads = uploads;
    this.id = id;
    this.chunkBytes = chunkBytes;
  }

  ValueId id() {
    return id;
  }

  /** Writes the row that marks the upload as unfinished together with the first chunk. */
  @Override
  public void write(Bytes chunk) {
    requireTakes(chunk);
    if (chunk.isEmpty()) {
      return;
    }
    try (WriteSet rows = uploads.rocks().writeSet()) {
      if (chunks == 0) {
        byte[] start = new RowWriter(Long.BYTES).i64(uploads.nowMillis()).row();
        rows.put(Table.UPKEEP, Upkeep.UPLOAD.key(id), start);
      }
      uploads.chunks().write(rows, id, chunks, chunk);
      uploads.rocks().write(rows);
    }
    chunks++;
    length += chunk.size();
  }

  private synchronized void requireTakes(Bytes chunk) {
    if (state != State.OPEN) {
      throw new IllegalStateException("the upload has ended");
    }
    if (length % chunkBytes != 0) {
      throw new IllegalStateException("a chunk that is not full was the last");
    }
    if (chunk.size() > chunkBytes) {
      throw new IllegalArgumentException(
          "a chunk of " + chunk.size() + " bytes is over " + chunkBytes);
    }
  }

  @Override
  public synchronized Value finish() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the upload has ended");
    }
    state = State.FINISHED;
    return length == 0
        ? Bytes.EMPTY
        : uploads.chunks().value(new Stored.Chunked(id, length, chunkBytes));
  }

  synchronized boolean claim() {
    if (state != State.FINISHED) {
      return false;
    }
    state = State.CLAIMED;
    return true;
  }

  /** Called when an entry refers to the value. */
  void committed() {
    synchronized (this) {
      state = State.ENDED;
    }
    uploads.ended(this);
  }

  /** Called when the commit failed. The value can be committed again unless it was closed. */
  void released() {
    synchronized (this) {
      if (state == State.CLAIMED) {
        state = State.FINISHED;
        return;
      }
    }
    free();
  }

  @Override
  public void close() {
    synchronized (this) {
      switch (state) {
        case OPEN, FINISHED -> state = State.ENDED;
        case CLAIMED -> {
          state = State.CLAIMED_AND_CLOSED;
          return;
        }
        case CLAIMED_AND_CLOSED, ENDED -> {
          return;
        }
      }
    }
    free();
  }

  private void free() {
    uploads.ended(this);
    if (chunks > 0) {
      try (WriteSet rows = uploads.rocks().writeSet()) {
        Chunks.deleteUpload(id, rows);
        uploads.rocks().write(rows);
      }
    }
  }
}
