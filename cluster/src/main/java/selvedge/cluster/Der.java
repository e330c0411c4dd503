package selvedge.cluster;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes the elements of DER, the encoding of certificates. Stateless. */
final class Der {
  static final int CONTEXT_0 = 0xa0;
  static final int CONTEXT_3 = 0xa3;

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Years from this one on have four digits. */
  private static final int FOUR_DIGITS_FROM = 2050;

  private Der() {}

  /** Returns an element of a tag with the content. */
  static byte[] element(int tag, byte[]... content) {
    byte[] all = concatenation(content);
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (all.length < 0x80) {
      out.write(all.length);
    } else {
      byte[] length = BigInteger.valueOf(all.length).toByteArray();
      int zeros = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - zeros));
      out.write(length, zeros, length.length - zeros);
    }
    out.writeBytes(all);
    return out.toByteArray();
  }

  private static byte[] concatenation(byte[][] parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... content) {
    return element(SEQUENCE, content);
  }

  static byte[] set(byte[]... content) {
    return element(SET, content);
  }

  static byte[] integer(BigInteger number) {
    return element(0x02, number.toByteArray());
  }

  static byte[] bool(boolean value) {
    return element(0x01, new byte[] {(byte) (value ? 0xff : 0)});
  }

  /** Returns a string of bits, of which the last {@code unused} do not count. */
  static byte[] bits(int unused, byte[] bytes) {
    return element(0x03, new byte[] {(byte) unused}, bytes);
  }

  static byte[] octets(byte[] bytes) {
    return element(0x04, bytes);
  }

  static byte[] utf8(String text) {
    return element(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns an object identifier such as 2.5.29.17. */
  static byte[] identifier(String dotted) {
    String[] numbers = dotted.split("\\.", -1);
    var out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]));
    for (int i = 2; i < numbers.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      for (int shift = 28; shift > 0; shift -= 7) {
        if (number >>> shift > 0) {
          out.write(0x80 | (number >>> shift & 0x7f));
        }
      }
      out.write(number & 0x7f);
    }
    return element(0x06, out.toByteArray());
  }

  static byte[] time(Instant moment) {
    boolean isShort = moment.atOffset(ZoneOffset.UTC).getYear() < FOUR_DIGITS_FROM;
    String text = (isShort ? UTC_TIME : GENERALIZED_TIME).format(moment);
    return element(isShort ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
  }
}
