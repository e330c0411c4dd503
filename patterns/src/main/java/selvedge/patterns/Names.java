package selvedge.patterns;

import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Parts of keys. */
final class Names {
  private Names() {}

  /** Returns a random name of twice as many hexadecimal digits. */
  static String random(RandomGenerator random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  /** Returns a number with leading zeros, so that names are in the order of their numbers. */
  static String padded(long number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "d", number);
  }
}
