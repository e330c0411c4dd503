package selvedge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class BytesTest {
  private static final int LENGTH_MAX = 20;

  @Test
  void findsAByteThatIsNotAsciiAtEveryPosition() {
    for (int length = 0; length <= LENGTH_MAX; length++) {
      byte[] ascii = new byte[length];
      Arrays.fill(ascii, (byte) 0x7f);
      assertThat(Bytes.copyOf(ascii).isAscii()).isTrue();
      for (int i = 0; i < length; i++) {
        byte[] other = ascii.clone();
        other[i] = (byte) 0x80;
        assertThat(Bytes.adopt(other).isAscii()).as("byte %d of %d", i, length).isFalse();
      }
    }
  }
}
