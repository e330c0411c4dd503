package selvedge.engine.replication;

import java.util.HexFormat;
import selvedge.model.InvalidRequestException;

/**
 * The identity of a cluster: an origin, its edges, and the backups of either.
 *
 * <p>It is the oldest epoch of the lineage, so stores with a common past have the same id without
 * communication. Its text is 16 lower-case hex characters.
 */
public record ClusterId(long number) {
  private static final int DIGITS = 16;

  public ClusterId {
    if (number < 0) {
      throw new InvalidRequestException("a cluster id must not be negative: " + number);
    }
  }

  /** Parses 16 lower-case hex characters, of which the first is at most 7. */
  public static ClusterId of(String text) {
    boolean hex = text.chars().allMatch(c -> HexFormat.isHexDigit(c) && !Character.isUpperCase(c));
    if (text.length() != DIGITS || !hex || text.charAt(0) > '7') {
      throw new InvalidRequestException(
          "a cluster id must be 16 lower-case hex characters, the first at most 7, got \""
              + text
              + "\"");
    }
    return new ClusterId(HexFormat.fromHexDigitsToLong(text));
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(number);
  }
}
