package selvedge.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses the bytes of another codec where that makes them shorter. Safe for use by many
 * threads.
 *
 * <p>The first two bytes say whether a stored value is compressed. A value that would begin with
 * them by itself is always compressed, so that the two cannot be confused.
 */
record GzipCodec<T>(Codec<T> codec) implements Codec<T> {
  private static final byte FIRST = 0x1f;
  private static final byte SECOND = (byte) 0x8b;

  /** The length below which compression does not pay. */
  private static final int BYTES_MIN = 256;

  /** Compression must not lift the limit of a value: a reader would need memory without bound. */
  private static final long BYTES_MAX = Limit.VALUE_BYTES.in(Profile.OPEN);

  @Override
  public Bytes encode(T value) {
    Bytes plain = codec.encode(value);
    if (plain.size() > BYTES_MAX) {
      throw new LimitExceededException(
          "a value must have at most %d bytes before it is compressed, got %d"
              .formatted(BYTES_MAX, plain.size()));
    }
    boolean ambiguous = isCompressed(plain);
    if (plain.size() < BYTES_MIN && !ambiguous) {
      return plain;
    }
    Bytes compressed = compressed(plain);
    return ambiguous || compressed.size() < plain.size() ? compressed : plain;
  }

  private static Bytes compressed(Bytes plain) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.adopt(bytes.toByteArray());
  }

  private static boolean isCompressed(Bytes bytes) {
    return bytes.size() >= 2 && bytes.at(0) == FIRST && bytes.at(1) == SECOND;
  }

  @Override
  public T decode(Bytes bytes) {
    return codec.decode(isCompressed(bytes) ? plain(bytes) : bytes);
  }

  private static Bytes plain(Bytes compressed) {
    try (InputStream in = new GZIPInputStream(compressed.open())) {
      byte[] plain = in.readNBytes(Math.toIntExact(BYTES_MAX + 1));
      if (plain.length > BYTES_MAX) {
        throw new LimitExceededException(
            "a compressed value must have at most " + BYTES_MAX + " bytes when it is expanded");
      }
      return Bytes.adopt(plain);
    } catch (IOException e) {
      throw new InvalidRequestException("the value cannot be expanded: " + e.getMessage());
    }
  }
}
