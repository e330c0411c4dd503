package selvedge.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A head in the usual form: method, target and {@code HTTP/1.1} with one space between them, and
 * each line ended by CR and LF. Netty parses all other forms.
 *
 * @param fieldsStart the offset of the first header field
 * @param bodyStart the offset after the empty line
 */
public record PlainHead(String method, String target, int fieldsStart, int bodyStart) {
  private static final byte[] LINE_END = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Parses the head at the start of the bytes; null if it is incomplete or has another form. */
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

  /** Returns the offset of the first byte outside the range. */
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
