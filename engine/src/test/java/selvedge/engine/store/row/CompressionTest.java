package selvedge.engine.store.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;

/** Values are compressed if that saves an eighth, and random ones are not even tried. */
final class CompressionTest {
  private final Compression compression = new Compression();
  private final Random random = new Random(1);

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void triesNoRandomValue() {
    for (int size : new int[] {256, 300, 1024, 4096, 20_000}) {
      for (int i = 0; i < 20; i++) {
        byte[] bytes = random(size);
        assertThat(Compression.isEven(bytes, Math.min(size, 4096))).as("%d bytes", size).isTrue();
        assertThat(compression.compress(Bytes.copyOf(bytes))).isEmpty();
      }
    }
  }

  @Test
  void compressesTextAndBase64OfRandomBytes() throws DataFormatException {
    byte[] json =
        "{\"name\":\"a name\",\"count\":17,\"tags\":[\"x\",\"y\"]}"
            .repeat(6)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] base64 = Base64.getEncoder().encode(random(600));
    for (byte[] bytes : new byte[][] {json, base64}) {
      byte[] compressed = compression.compress(Bytes.copyOf(bytes)).orElseThrow();

      assertThat(compressed.length).isLessThanOrEqualTo(bytes.length - bytes.length / 8);
      assertThat(Compression.decompress(compressed, 0, bytes.length)).isEqualTo(bytes);
    }
  }

  /** The oracle is a deflate that codes single bytes. */
  @Test
  void missesNoValueWhoseBytesAreUnevenEnough() {
    int skipped = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = random(256 + random.nextInt(3000));
      int values = 1 + random.nextInt(256);
      double share = random.nextDouble();
      for (int j = 0; j < bytes.length; j++) {
        if (random.nextDouble() < share) {
          bytes[j] = (byte) random.nextInt(values);
        }
      }
      if (Compression.isEven(bytes, bytes.length)) {
        skipped++;
        assertThat(coded(bytes))
            .as("bytes of %d values in %d bytes", values, bytes.length)
            .isGreaterThan(bytes.length - bytes.length / 8);
      }
    }
    assertThat(skipped).isBetween(500, 1900);
  }

  private static int coded(byte[] bytes) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setStrategy(Deflater.HUFFMAN_ONLY);
    deflater.setInput(bytes);
    deflater.finish();
    int size = 0;
    while (!deflater.finished()) {
      size += deflater.deflate(new byte[2 * bytes.length + 100]);
    }
    deflater.end();
    return size;
  }
}
