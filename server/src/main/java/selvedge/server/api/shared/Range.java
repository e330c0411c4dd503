package selvedge.server.api.shared;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of a value, including its first and its last byte. */
record Range(long first, long last) {
  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  long length() {
    return last - first + 1;
  }

  boolean isUnsatisfiable() {
    return last < first;
  }

  /** Parses the header; empty if it is not a single range, which HTTP ignores. */
  static Optional<Range> parse(String header, long length) {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(last), length));
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? length - 1 : Math.min(Long.parseLong(last), length - 1);
    if (!last.isEmpty() && Long.parseLong(last) < from) {
      return Optional.empty();
    }
    return Optional.of(from >= length ? new Range(0, -1) : new Range(from, to));
  }

  private static Range suffix(long count, long length) {
    return count == 0 || length == 0
        ? new Range(0, -1)
        : new Range(Math.max(0, length - count), length - 1);
  }
}
