package selvedge.engine.store.rocks;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import selvedge.engine.store.ValueGoneException;
import selvedge.engine.store.row.RowSeal;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.model.Bytes;
import selvedge.model.StoreDamagedException;
import selvedge.model.Value;

/**
 * The rows of large values, one per chunk.
 *
 * <p>Safe for use by many threads.
 */
final class Chunks {
  private final Tables rocks;
  private final RowSeal seal;
  private final Pins pins = new Pins();
  private volatile boolean referredTo;

  Chunks(Tables rocks, RowSeal seal) {
    this.rocks = rocks;
    this.seal = seal;
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.LARGE.start(), Upkeep.LARGE.end())) {
      this.referredTo = scan.next();
    }
  }

  /** Returns the seal of all rows of the store. */
  RowSeal seal() {
    return seal;
  }

  /** Records that an entry has a large value. */
  void referred() {
    referredTo = true;
  }

  /** Returns whether any entry may have, or may have had, a large value. */
  boolean wereReferredTo() {
    return referredTo;
  }

  /** Returns whether the last chunk of the value exists, which was written after all others. */
  boolean isWhole(Stored.Chunked value) {
    return rocks.get(Table.CHUNKS, key(value.id(), value.chunks() - 1)) != null;
  }

  Value value(Stored stored) {
    return switch (stored) {
      case Stored.Inline(Bytes bytes) -> bytes;
      case Stored.Chunked chunked -> new ChunkedValue(this, chunked);
    };
  }

  void write(WriteSet rows, ValueId id, int chunk, Bytes bytes) {
    byte[] row = seal.isOn() ? seal.sealChunk(id, chunk, bytes) : bytes.toArray();
    rows.put(Table.CHUNKS, key(id, chunk), row);
  }

  /** Opens the value, which is not freed until the stream is closed. */
  InputStream open(Stored.Chunked value) {
    if (!pins.pin(value.id())) {
      throw gone(value);
    }
    try {
      return new ChunkStream(this, value);
    } catch (RuntimeException e) {
      pins.unpin(value.id());
      throw e;
    }
  }

  void closed(Stored.Chunked value) {
    pins.unpin(value.id());
  }

  Bytes readAll(Stored.Chunked value) {
    if (!pins.pin(value.id())) {
      throw gone(value);
    }
    try {
      byte[] whole = new byte[Math.toIntExact(value.length())];
      byte[] buffer = new byte[value.chunkSize(0)];
      for (int chunk = 0; chunk < value.chunks(); chunk++) {
        int size = read(value, chunk, buffer);
        System.arraycopy(buffer, 0, whole, chunk * value.chunkBytes(), size);
      }
      return Bytes.adopt(whole);
    } finally {
      pins.unpin(value.id());
    }
  }

  /** Reads a chunk of a pinned value, and returns its size. */
  int read(Stored.Chunked value, int chunk, byte[] buffer) {
    int expected = value.chunkSize(chunk);
    int size =
        seal.isOn()
            ? decrypt(value, chunk, buffer)
            : rocks.get(Table.CHUNKS, key(value.id(), chunk), buffer);
    if (size < 0 && chunk == 0) {
      throw gone(value);
    }
    if (size != expected) {
      throw new StoreDamagedException(
          "chunk %d of value %s in %s should have %d bytes and %s"
              .formatted(
                  chunk,
                  value.id(),
                  rocks.name(Table.CHUNKS),
                  expected,
                  size < 0 ? "is missing" : "has " + size));
    }
    return size;
  }

  private int decrypt(Stored.Chunked value, int chunk, byte[] buffer) {
    byte[] row = rocks.get(Table.CHUNKS, key(value.id(), chunk));
    if (row == null) {
      return -1;
    }
    int size = value.chunkSize(chunk);
    byte[] bytes = seal.openChunk(value.id(), chunk, row, size, rocks.name(Table.CHUNKS));
    System.arraycopy(bytes, 0, buffer, 0, size);
    return size;
  }

  /**
   * Encrypts a chunk again if it is encrypted under an older data key or not at all.
   *
   * @param since the number of the oldest data key under which it may remain
   * @return the size of the row, 0 if there is none
   */
  int encryptAnew(Stored.Chunked value, int chunk, int since, WriteSet rows) {
    byte[] row = rocks.get(Table.CHUNKS, key(value.id(), chunk));
    int size = value.chunkSize(chunk);
    if (row != null && RowSeal.chunkKeyNumber(row, size) < since) {
      String table = rocks.name(Table.CHUNKS);
      byte[] bytes = seal.openChunk(value.id(), chunk, row, size, table);
      write(rows, value.id(), chunk, Bytes.adopt(bytes));
    }
    return row == null ? 0 : row.length;
  }

  /**
   * Deletes the value unless it is being read, and returns whether it did. {@link #freed} must be
   * called after the rows are written.
   */
  boolean tryFree(Stored.Chunked value, WriteSet rows) {
    if (!pins.tryFree(value.id())) {
      return false;
    }
    for (int chunk = 0; chunk < value.chunks(); chunk++) {
      rows.delete(Table.CHUNKS, key(value.id(), chunk));
    }
    return true;
  }

  void freed(ValueId id) {
    pins.forget(id);
  }

  /** Deletes all chunks of an upload, with one range deletion. */
  static void deleteUpload(ValueId id, WriteSet rows) {
    byte[] start = key(id, 0);
    rows.deleteRange(Table.CHUNKS, start, Arrays.copyOf(key(id, -1), start.length + 1));
    rows.delete(Table.UPKEEP, Upkeep.UPLOAD.key(id));
  }

  private static byte[] key(ValueId id, int chunk) {
    return ByteBuffer.allocate(ValueId.BYTES + Integer.BYTES)
        .putLong(id.opening())
        .putLong(id.upload())
        .putInt(chunk)
        .array();
  }

  private static ValueGoneException gone(Stored.Chunked value) {
    return new ValueGoneException(
        "a value of " + value.length() + " bytes was replaced before it was read");
  }
}
