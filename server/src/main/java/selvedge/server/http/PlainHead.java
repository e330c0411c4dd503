package selvedge.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A head as nearly all are: method, target and {@code HTTP/1.1} with one space between them, and
 * each line ended by CR and LF. What looks otherwise is left to Netty.
 *
 * @param fieldsStart where the header fields begin
 * @param bodyStart behind the empty line
 */
public record PlainHead(String method, String target, int fieldsStart, int bodyStart) {
  private static final byte[] LINE_END = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Takes the head apart with which the bytes begin; null if it is not whole or not plain. */
  public static @Nullable PlainHead of(byte[] in) {
    int method = skip(in, 0, 'A', 'Z');
    int target = skip(in, method + 1, '!', '~');
    int fields = target + LINE_END.length;
    if (method == 0
        || target == method + 1
        || fields > in.length
        || in[method] != ' '
        || !Arrays.equals(in, target, fields, LINE_END, 0, LINE_END.length)) {
      return null;
    }
    int body = bodyStart(in, fields);
    return body < 0
        ? null
        : new PlainHead(text(in, 0, method), text(in, method + 1, target), fields, body);
  }

  /** Returns where the first byte lies that is not between the two. */
  private static int skip(byte[] in, int from, char first, char last) {
    int at = from;
    while (at < in.length && in[at] >= first && in[at] <= last) {
      at++;
    }
    return at;
  }

  private static int bodyStart(byte[] in, int fields) {
    int line = fields;
    for (int i = fields; i < in.length; i++) {
      if (in[i] == '\n') {
        if (in[i - 1] != '\r') {
          return -1;
        }
        if (i - 1 == line) {
          return i + 1;
        }
        line = i + 1;
      }
    }
    return -1;
  }

  private static String text(byte[] in, int from, int to) {
    return new String(in, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
