package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadTextTest {
  private static final int TEXTS = 20_000;
  private static final int LENGTH_MAX = 40;

  @Test
  void noTextEndsItsLine() {
    var random = new Random(17);
    for (int i = 0; i < TEXTS; i++) {
      String given =
          random
              .ints(random.nextInt(LENGTH_MAX), 0, random.nextBoolean() ? 256 : 40)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(safely(given)).isEqualTo(given.replaceAll("[\\x00-\\x08\\x0a-\\x1f]", " "));
    }
  }

  private static String safely(String text) {
    HeadText head = new HeadText(1).add("a: ").addSafely(text).endLine();
    String line = new String(head.bytes(), 0, head.size(), StandardCharsets.ISO_8859_1);
    assertThat(line).startsWith("a: ").endsWith("\r\n");
    return line.substring(3, line.length() - 2);
  }
}
