package selvedge.server.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code traceparent} of a request, as W3C Trace Context defines it.
 *
 * @param traceId 32 hex digits
 * @param parentId 16 hex digits: the span of the client
 * @param isSampled whether the client records the trace
 */
public record TraceParent(String traceId, String parentId, boolean isSampled) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final String INVALID_VERSION = "ff";
  private static final String FIRST_VERSION = "00";
  private static final int HEX = 16;

  /** Returns the header of a request; empty if there is none, or one that is not valid. */
  public static Optional<TraceParent> of(Request request) {
    return request.header(HeaderNames.TRACEPARENT).flatMap(TraceParent::parse);
  }

  /** A later version of the header may have more parts. */
  private static Optional<TraceParent> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()
        || parts.group(1).equals(INVALID_VERSION)
        || (parts.group(1).equals(FIRST_VERSION) && parts.group(5) != null)
        || isZero(parts.group(2))
        || isZero(parts.group(3))) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(parts.group(4), HEX) & 1) != 0;
    return Optional.of(new TraceParent(parts.group(2), parts.group(3), sampled));
  }

  private static boolean isZero(String id) {
    return id.chars().allMatch(digit -> digit == '0');
  }
}
