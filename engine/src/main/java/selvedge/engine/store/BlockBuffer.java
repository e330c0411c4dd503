package selvedge.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends to a file in whole blocks: keeps the begun one, and writes it again with what follows.
 * Belongs to the writer.
 */
final class BlockBuffer {
  private static final int ZEROS = 128 << 10;
  private static final int BLOCK_BYTES_MIN = 4096;
  static final int BLOCK_BYTES_MAX = 65_536;

  private final int blockBytes;
  private final ByteBuffer zeros;
  private ByteBuffer buffer;

  /** How much of the begun block there is, at the start of the buffer. */
  private int begun;

  /**
   * @param blockBytes as the file system says, which may be less or more than it asks for
   */
  BlockBuffer(long blockBytes) {
    this.blockBytes = Math.clamp(blockBytes, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    this.zeros = aligned(ZEROS);
    this.buffer = aligned(1 << 20);
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

  /** Begins a file anew. */
  void clear() {
    begun = 0;
  }

  /** Goes on at that position of a file. */
  void load(Path path, long position) throws IOException {
    begun = (int) (position % blockBytes);
    buffer.clear().limit(begun);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer, position - buffer.remaining()) >= 0) {}
    }
    if (buffer.hasRemaining()) {
      throw new IOException(path + " ends before byte " + position);
    }
  }

  /** Makes the buffer ready to take so many bytes. */
  ByteBuffer begin(int bytes) {
    if (whole(begun + bytes) > buffer.capacity()) {
      ByteBuffer wider = aligned(begun + bytes);
      wider.put(buffer.clear().limit(begun));
      buffer = wider;
    }
    return buffer.clear().position(begun);
  }

  /** Writes what was put into the buffer, which begins at that position of the file. */
  void write(SteadyFile file, long position) throws IOException {
    int end = buffer.position();
    int whole = whole(end);
    while (buffer.position() < whole) {
      buffer.put((byte) 0);
    }
    file.write(buffer.flip(), position - begun);
    int left = end % blockBytes;
    buffer.clear();
    buffer.put(0, buffer, end - left, left);
    begun = left;
  }

  /** Writes zeros behind the block in which that position is, and returns up to where. */
  long writeZeros(SteadyFile file, long position) throws IOException {
    long start = whole(position);
    file.write(zeros, start);
    return start + zeros.remaining();
  }
}
