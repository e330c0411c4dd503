package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import selvedge.engine.files.InterruptSafeFile;
import selvedge.engine.files.SyncedFiles;

/**
 * Appends to a file in whole blocks. The last block is kept if it is not full, and written again
 * with the bytes that follow. Confined to the writer.
 */
final class BlockBuffer {
  private static final int ZEROS_MAX = 128 << 10;
  private static final int BLOCK_BYTES_MIN = 4096;
  static final int BLOCK_BYTES_MAX = 65_536;

  private final int blockBytes;
  private final ByteBuffer zeros;

  /** The last block of the file if it is not full, and the bytes that follow. */
  private ByteBuffer buffer;

  /** The position in the file at which the buffer begins. */
  private long start;

  /**
   * @param blockBytes as the file system says, which may be less or more than it requires
   * @param partBytes about how many bytes are written at once
   */
  BlockBuffer(long blockBytes, int partBytes) {
    this.blockBytes = Math.clamp(blockBytes, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    this.zeros = aligned(Math.min(ZEROS_MAX, partBytes));
    this.buffer = aligned(partBytes);
  }

  private ByteBuffer aligned(int bytes) {
    int size = whole(bytes);
    return ByteBuffer.allocateDirect(size + blockBytes).alignedSlice(blockBytes).limit(size);
  }

  private int whole(int bytes) {
    return Math.toIntExact(whole((long) bytes));
  }

  private long whole(long bytes) {
    return (bytes + blockBytes - 1) / blockBytes * blockBytes;
  }

  /** Begins at the start of a file. */
  void clear() {
    buffer.clear();
    start = 0;
  }

  /** Goes on at a position of a file. */
  void load(Path path, long position) throws IOException {
    int begun = (int) (position % blockBytes);
    start = position - begun;
    buffer.clear().limit(begun);
    try (FileChannel channel = SyncedFiles.openToRead(path)) {
      while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {}
    }
    if (buffer.hasRemaining()) {
      throw new IOException(path + " ends before byte " + position);
    }
    buffer.clear().position(begun);
  }

  /** Returns the buffer with room for that many more bytes. */
  ByteBuffer begin(int bytes) {
    int end = buffer.position() + bytes;
    if (whole(end) > buffer.capacity()) {
      buffer = aligned(end).clear().put(buffer.flip());
    }
    return buffer;
  }

  /** Returns how many bytes the next write has. */
  int size() {
    return buffer.position();
  }

  /** Writes the buffer, and keeps its last block if that is not full. */
  void write(InterruptSafeFile file) throws IOException {
    int end = buffer.position();
    int whole = whole(end);
    while (buffer.position() < whole) {
      buffer.put((byte) 0);
    }
    file.write(buffer.flip(), start);
    int left = end % blockBytes;
    buffer.clear().put(0, buffer, end - left, left).position(left);
    start += end - left;
  }

  /** Writes zeros behind the block of a position, and returns where the zeros end. */
  long writeZeros(InterruptSafeFile file, long position) throws IOException {
    long start = whole(position);
    file.write(zeros, start);
    return start + zeros.remaining();
  }
}
