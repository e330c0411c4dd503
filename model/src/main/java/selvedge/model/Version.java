package selvedge.model;

/**
 * The position of a change in the origin's order: at once the version of an entry, the place in the
 * feed and the point of a snapshot. Compared only within one epoch.
 */
public record Version(long number) implements Comparable<Version> {

  /** Before the first change. */
  public static final Version NONE = new Version(0);

  public Version {
    if (number < 0) {
      throw new InvalidRequestException("a version is not negative: " + number);
    }
  }

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
