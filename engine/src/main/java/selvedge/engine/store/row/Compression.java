package selvedge.engine.store.row;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import selvedge.model.Bytes;

/**
 * Compresses values before they are encrypted, since encrypted bytes do not compress.
 *
 * <p>Safe for use by many threads.
 */
final class Compression {
  /** Smaller values save too little for the time. */
  private static final int BYTES_MIN = 256;

  /** What is saved of the start of a large value decides whether the rest is tried. */
  private static final int SAMPLE_BYTES = 4096;

  private static final int BYTE_VALUES = 256;

  private static final int IDLE_MAX = 4;

  /** One of them takes a quarter of a megabyte, so they are used again. */
  private final ArrayBlockingQueue<Deflater> idle = new ArrayBlockingQueue<>(IDLE_MAX);

  /** Returns the compressed bytes, empty if compression does not save an eighth. */
  Optional<byte[]> compress(Bytes value) {
    if (value.size() < BYTES_MIN) {
      return Optional.empty();
    }
    byte[] bytes = value.toArray();
    if (isEven(bytes, Math.min(bytes.length, SAMPLE_BYTES))) {
      return Optional.empty();
    }
    if (bytes.length > 4 * SAMPLE_BYTES && deflate(bytes, SAMPLE_BYTES).isEmpty()) {
      return Optional.empty();
    }
    return deflate(bytes, bytes.length);
  }

  /**
   * Returns whether the start of a value looks random, which is far cheaper than a deflate without
   * success. Then fewer than one in 128 of the pairs of its bytes are equal, so a byte has more
   * than 7 bits of entropy, and no code of single bytes saves an eighth. Such bytes that repeat in
   * longer sequences are not compressed, either: this costs space only.
   */
  static boolean isEven(byte[] bytes, int size) {
    int[] counts = new int[BYTE_VALUES];
    for (int i = 0; i < size; i++) {
      counts[bytes[i] & 0xff]++;
    }
    long equalPairs = 0;
    for (int count : counts) {
      equalPairs += (long) count * (count - 1);
    }
    return equalPairs * (BYTE_VALUES / 2) < (long) size * (size - 1);
  }

  private Optional<byte[]> deflate(byte[] bytes, int size) {
    Deflater deflater = idle.poll();
    if (deflater == null) {
      deflater = new Deflater(Deflater.BEST_SPEED, true);
    }
    byte[] target = new byte[size - size / 8];
    deflater.setInput(bytes, 0, size);
    deflater.finish();
    int written = deflater.deflate(target);
    boolean pays = deflater.finished();
    deflater.reset();
    if (!idle.offer(deflater)) {
      deflater.end();
    }
    return pays ? Optional.of(Arrays.copyOf(target, written)) : Optional.empty();
  }

  /**
   * Returns the bytes that were compressed.
   *
   * @param offset where the compressed bytes begin
   * @param size of the bytes before they were compressed
   * @throws DataFormatException if there are not as many
   */
  static byte[] decompress(byte[] source, int offset, int size) throws DataFormatException {
    byte[] bytes = new byte[size];
    var inflater = new Inflater(true);
    try {
      inflater.setInput(source, offset, source.length - offset);
      int written = 0;
      while (written < size) {
        int count = inflater.inflate(bytes, written, size - written);
        if (count == 0) {
          throw new DataFormatException("it has " + written + " bytes and should have " + size);
        }
        written += count;
      }
      return bytes;
    } finally {
      inflater.end();
    }
  }
}
