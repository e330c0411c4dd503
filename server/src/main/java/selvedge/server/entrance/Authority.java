package selvedge.server.entrance;

import java.util.Locale;

/**
 * A host and a port as a request or an operator writes them, in lower case.
 *
 * @param port empty for the usual one of the scheme, and {@link #BROKEN} if there is no sense in it
 */
record Authority(String name, String port) {
  private static final String BROKEN = "broken";

  static Authority of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("[") ? lower.indexOf(']') + 1 : lower.indexOf(':');
    if (start < 0) {
      return new Authority(lower, "");
    }
    String rest = lower.substring(start);
    return new Authority(
        lower.substring(0, start), rest.isEmpty() ? "" : isPort(rest) ? rest.substring(1) : BROKEN);
  }

  private static boolean isPort(String rest) {
    return rest.startsWith(":") && rest.substring(1).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  boolean isBroken() {
    return port.equals(BROKEN);
  }

  /** Whether an allowed host, which may begin with {@code *.}, has that name. */
  boolean covers(String other) {
    return name.startsWith("*.")
        ? other.length() > name.length() - 1 && other.endsWith(name.substring(1))
        : name.equals(other);
  }
}
