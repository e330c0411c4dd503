package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.SplittableRandom;
import selvedge.model.Limit;
import selvedge.model.Profile;

/**
 * A value of the maximum size: pseudo-random bytes from a seed, generated while they are read.
 * Belongs to one thread.
 */
final class SeededValue extends InputStream {
  private final SplittableRandom random;
  private final byte[] piece = new byte[16 * 1024];
  private int position = piece.length;
  private long left = Limit.VALUE_BYTES.in(Profile.OPEN);

  SeededValue(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Requires that a response is the value of a seed. */
  static void assertSame(HttpResponse<InputStream> response, long seed) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    try (InputStream actual = response.body();
        SeededValue expected = new SeededValue(seed)) {
      byte[] actualPiece = new byte[64 * 1024];
      byte[] expectedPiece = new byte[actualPiece.length];
      long count = 0;
      while (true) {
        int n = actual.readNBytes(actualPiece, 0, actualPiece.length);
        int m = expected.readNBytes(expectedPiece, 0, expectedPiece.length);
        assertThat(Arrays.equals(actualPiece, 0, n, expectedPiece, 0, m))
            .as("the value of seed %d from byte %d", seed, count)
            .isTrue();
        if (n == 0) {
          return;
        }
        count += n;
      }
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    if (position == piece.length) {
      random.nextBytes(piece);
      position = 0;
    }
    int count = (int) Math.min(Math.min(length, piece.length - position), left);
    System.arraycopy(piece, position, target, offset, count);
    position += count;
    left -= count;
    return count;
  }
}
