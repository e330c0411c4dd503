package selvedge.verification.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Encodes the elements of a certificate in DER. */
final class Der {
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int GENERALIZED_TIME = 0x18;

  private Der() {}

  /** Returns an element with the tag and the concatenated parts. */
  static byte[] of(int tag, byte[]... parts) {
    byte[] content = join(parts);
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int start = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - start));
      out.write(length, start, length.length - start);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] integer(BigInteger number) {
    return of(INTEGER, number.toByteArray());
  }

  static byte[] bits(byte[] content) {
    return of(BIT_STRING, new byte[1], content);
  }

  static byte[] text(String text) {
    return of(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param time in the form yyyyMMddHHmmss
   */
  static byte[] time(String time) {
    return of(GENERALIZED_TIME, (time + "Z").getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] identifier(int first, int second, int... others) {
    var out = new ByteArrayOutputStream();
    out.write(first * 40 + second);
    for (int each : others) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (each >>> shift != 0) {
          out.write(0x80 | (each >>> shift & 0x7f));
        }
      }
      out.write(each & 0x7f);
    }
    return of(OBJECT_IDENTIFIER, out.toByteArray());
  }
}
