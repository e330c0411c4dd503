package selvedge.model;

/**
 * The place of a change in the order of the origin. It is the version of the entry that the change
 * wrote, its place in the feed, and the point of a snapshot. Versions of different clusters or
 * epochs must not be compared.
 *
 * @param number the number of the change, from 1; 0 before the first change
 */
public record Version(long number) implements Comparable<Version> {

  /** Before the first change. */
  public static final Version NONE = new Version(0);

  /**
   * Checks the number.
   *
   * @throws InvalidRequestException if it is negative
   */
  public Version {
    if (number < 0) {
      throw new InvalidRequestException("a version must not be negative, got " + number);
    }
  }

  /**
   * Returns the version of the next change.
   *
   * @return the next version
   */
  public Version next() {
    return new Version(number + 1);
  }

  @Override
  public int compareTo(Version other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
