package selvedge.server.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import selvedge.model.Bytes;

/** Percent-encoding of raw text, in which each char is one byte. */
public final class PercentCode {
  private PercentCode() {}

  /** Decodes a part of a path, where a plus is a plus. Returns nothing for a broken escape. */
  public static Optional<Bytes> decodePath(String raw) {
    return decode(raw, false);
  }

  /** Decodes a part of a query, where a plus is a space. Returns nothing for a broken escape. */
  public static Optional<Bytes> decodeQuery(String raw) {
    return decode(raw, true);
  }

  /** Returns raw text for people: its bytes read as UTF-8, its escapes unchanged. */
  public static String shown(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Optional<Bytes> decode(String raw, boolean plusIsSpace) {
    if (raw.indexOf('%') < 0 && !(plusIsSpace && raw.indexOf('+') >= 0)) {
      return Optional.of(Bytes.adopt(raw.getBytes(StandardCharsets.ISO_8859_1)));
    }
    var decoded = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (i + 2 >= raw.length()) {
          return Optional.empty();
        }
        int high = Character.digit(raw.charAt(i + 1), 16);
        int low = Character.digit(raw.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        decoded.write(high * 16 + low);
        i += 2;
      } else {
        decoded.write(plusIsSpace && c == '+' ? ' ' : c);
      }
    }
    return Optional.of(Bytes.adopt(decoded.toByteArray()));
  }
}
