package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import selvedge.engine.store.row.Stored;

/** Streams a large value with one chunk in memory at a time. Confined to one thread. */
final class ChunkStream extends InputStream {
  private static final int NONE = -1;

  private final Chunks chunks;
  private final Stored.Chunked value;
  private final byte[] buffer;
  private int loaded = NONE;
  private long position;
  private boolean closed;

  /**
   * Reads the first chunk immediately, so that a value that was freed fails before any byte is
   * sent.
   */
  ChunkStream(Chunks chunks, Stored.Chunked value) {
    this.chunks = chunks;
    this.value = value;
    this.buffer = new byte[value.chunkSize(0)];
    if (value.length() > 0) {
      load(0);
    }
  }

  @Override
  public int read() {
    if (position >= value.length()) {
      return -1;
    }
    int at = locate();
    position++;
    return buffer[at] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (position >= value.length()) {
      return -1;
    }
    int at = locate();
    int size = Math.min(length, value.chunkSize(loaded) - at);
    System.arraycopy(buffer, at, target, offset, size);
    position += size;
    return size;
  }

  /** Writes the chunk directly, without a buffer of the caller. */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long start = position;
    while (position < value.length()) {
      int at = locate();
      int size = value.chunkSize(loaded) - at;
      out.write(buffer, at, size);
      position += size;
    }
    return position - start;
  }

  /** Does not read skipped chunks. */
  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, value.length() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    if (loaded == NONE || position >= value.length()) {
      return 0;
    }
    long start = (long) loaded * value.chunkBytes();
    long left = start + value.chunkSize(loaded) - position;
    return position >= start && left > 0 ? (int) left : 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      chunks.closed(value);
    }
  }

  /** Loads the chunk of the position, and returns the offset of the position in it. */
  private int locate() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    int chunk = (int) (position / value.chunkBytes());
    if (chunk != loaded) {
      load(chunk);
    }
    return (int) (position - (long) chunk * value.chunkBytes());
  }

  private void load(int chunk) {
    loaded = NONE;
    chunks.read(value, chunk, buffer);
    loaded = chunk;
  }
}
