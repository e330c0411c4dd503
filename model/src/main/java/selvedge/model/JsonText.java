package selvedge.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Checks JSON text by RFC 8259, strictly and without allocation.
 *
 * <p>The text must be one value in UTF-8, nested at most {@link #DEPTH_MAX} deep. Half a surrogate
 * pair is allowed only as an escape, as in the grammar of the RFC.
 */
final class JsonText {
  static final int DEPTH_MAX = 500;

  private static final int BAD = -1;

  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private JsonText() {}

  /** Returns whether the text is one JSON value and nothing else. */
  static boolean isJson(Bytes text) {
    byte[] in = text.shared();
    int end = value(in, space(in, 0), DEPTH_MAX);
    return end != BAD && space(in, end) == in.length;
  }

  /** Returns the position after the value that starts at {@code i}, or {@link #BAD}. */
  private static int value(byte[] in, int i, int depth) {
    if (i >= in.length) {
      return BAD;
    }
    return switch (in[i]) {
      case '"' -> string(in, i + 1);
      case '{' -> depth == 0 ? BAD : object(in, space(in, i + 1), depth - 1);
      case '[' -> depth == 0 ? BAD : array(in, space(in, i + 1), depth - 1);
      case 't' -> word(in, i, "true");
      case 'f' -> word(in, i, "false");
      case 'n' -> word(in, i, "null");
      default -> number(in, i);
    };
  }

  private static int object(byte[] in, int start, int depth) {
    if (is(in, start, '}')) {
      return start + 1;
    }
    int i = start;
    while (is(in, i, '"')) {
      i = string(in, i + 1);
      if (i == BAD) {
        return BAD;
      }
      i = space(in, i);
      if (!is(in, i, ':')) {
        return BAD;
      }
      i = value(in, space(in, i + 1), depth);
      if (i == BAD) {
        return BAD;
      }
      i = space(in, i);
      if (is(in, i, '}')) {
        return i + 1;
      }
      if (!is(in, i, ',')) {
        return BAD;
      }
      i = space(in, i + 1);
    }
    return BAD;
  }

  private static int array(byte[] in, int start, int depth) {
    if (is(in, start, ']')) {
      return start + 1;
    }
    int i = start;
    while (true) {
      i = value(in, i, depth);
      if (i == BAD) {
        return BAD;
      }
      i = space(in, i);
      if (is(in, i, ']')) {
        return i + 1;
      }
      if (!is(in, i, ',')) {
        return BAD;
      }
      i = space(in, i + 1);
    }
  }

  private static int string(byte[] in, int start) {
    int i = start;
    while (true) {
      i = plain(in, i);
      if (i >= in.length) {
        return BAD;
      }
      byte b = in[i];
      if (b == '"') {
        return i + 1;
      }
      i = b == '\\' ? escape(in, i + 1) : character(in, i);
      if (i == BAD) {
        return BAD;
      }
    }
  }

  /** Skips what needs no closer look, eight bytes at a time as long as none of the eight does. */
  private static int plain(byte[] in, int start) {
    int i = start;
    for (; i <= in.length - Long.BYTES; i += Long.BYTES) {
      long eight = (long) I64.get(in, i);
      long special = eight | (eight - SPACES) | zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
      if ((special & HIGHS) != 0) {
        break;
      }
    }
    while (i < in.length && in[i] >= ' ' && in[i] != '"' && in[i] != '\\') {
      i++;
    }
    return i;
  }

  /** Sets the highest bit of a byte that is zero, and perhaps of others above it. */
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight;
  }

  private static int escape(byte[] in, int i) {
    if (i >= in.length) {
      return BAD;
    }
    return switch (in[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 1;
      case 'u' -> isHex(in, i + 1) ? i + 5 : BAD;
      default -> BAD;
    };
  }

  private static boolean isHex(byte[] in, int start) {
    if (in.length - start < 4) {
      return false;
    }
    for (int i = start; i < start + 4; i++) {
      if (Character.digit(in[i], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the position after one character of UTF-8 that is not a control character. */
  private static int character(byte[] in, int i) {
    int first = in[i] & 0xff;
    if (first < 0x80) {
      return first < ' ' ? BAD : i + 1;
    }
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || in.length - i < length) {
      return BAD;
    }
    for (int j = i + 1; j < i + length; j++) {
      if ((in[j] & 0xc0) != 0x80) {
        return BAD;
      }
    }
    int second = in[i + 1] & 0xff;
    boolean allowed =
        switch (first) {
          case 0xe0 -> second >= 0xa0;
          case 0xed -> second < 0xa0;
          case 0xf0 -> second >= 0x90;
          case 0xf4 -> second < 0x90;
          default -> true;
        };
    return allowed ? i + length : BAD;
  }

  private static int word(byte[] in, int start, String word) {
    if (in.length - start < word.length()) {
      return BAD;
    }
    for (int i = 0; i < word.length(); i++) {
      if (in[start + i] != word.charAt(i)) {
        return BAD;
      }
    }
    return start + word.length();
  }

  private static int number(byte[] in, int start) {
    int i = is(in, start, '-') ? start + 1 : start;
    int whole = digits(in, i);
    if (whole == i || (in[i] == '0' && whole > i + 1)) {
      return BAD;
    }
    i = whole;
    if (is(in, i, '.')) {
      int fraction = digits(in, i + 1);
      if (fraction == i + 1) {
        return BAD;
      }
      i = fraction;
    }
    if (is(in, i, 'e') || is(in, i, 'E')) {
      i++;
      int sign = is(in, i, '+') || is(in, i, '-') ? i + 1 : i;
      int exponent = digits(in, sign);
      return exponent == sign ? BAD : exponent;
    }
    return i;
  }

  private static int digits(byte[] in, int start) {
    int i = start;
    while (i < in.length && in[i] >= '0' && in[i] <= '9') {
      i++;
    }
    return i;
  }

  private static int space(byte[] in, int start) {
    int i = start;
    while (i < in.length && isSpace(in[i])) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean is(byte[] in, int i, char c) {
    return i < in.length && in[i] == c;
  }

  /** Returns whether the text holds a control character; in JSON that is a tab or a line break. */
  static boolean hasControls(Bytes text) {
    for (byte b : text.shared()) {
      if (b >= 0 && b < ' ') {
        return true;
      }
    }
    return false;
  }

  /** Returns JSON text without the white space between its tokens. */
  static Bytes compact(Bytes json) {
    byte[] in = json.shared();
    byte[] out = new byte[in.length];
    int kept = 0;
    boolean inString = false;
    boolean escaped = false;
    for (byte b : in) {
      if (inString) {
        inString = escaped || b != '"';
        escaped = !escaped && b == '\\';
      } else if (isSpace(b)) {
        continue;
      } else {
        inString = b == '"';
      }
      out[kept++] = b;
    }
    return kept == in.length ? json : Bytes.copyOf(out, 0, kept);
  }

  /** Returns a JSON string of the text. */
  static Bytes quote(String text) {
    var json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        json.append(c);
      }
    }
    return Bytes.utf8(json.append('"').toString());
  }

  /** Returns whether every surrogate of the text is half of a pair. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
