package selvedge.server.entrance;

import java.util.Locale;

/**
 * The host and the port of a {@code Host} header or a setting, in lower case.
 *
 * @param port empty for the default port of the scheme, {@link #INVALID} if it is not a number
 */
record Authority(String name, String port) {
  private static final String INVALID = "invalid";

  static Authority of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("[") ? lower.indexOf(']') + 1 : lower.indexOf(':');
    if (start < 0) {
      return new Authority(lower, "");
    }
    String rest = lower.substring(start);
    return new Authority(
        lower.substring(0, start),
        rest.isEmpty() ? "" : isPort(rest) ? rest.substring(1) : INVALID);
  }

  private static boolean isPort(String rest) {
    return rest.startsWith(":") && rest.substring(1).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  boolean isInvalid() {
    return port.equals(INVALID);
  }

  /** Returns whether this allowed host, which may begin with {@code *.}, matches the name. */
  boolean covers(String other) {
    return name.startsWith("*.")
        ? other.length() > name.length() - 1 && other.endsWith(name.substring(1))
        : name.equals(other);
  }
}
