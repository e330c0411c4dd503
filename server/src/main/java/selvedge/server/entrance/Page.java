package selvedge.server.entrance;

import java.util.Locale;

/**
 * The origin of a web page as its browser sends it.
 *
 * @param defaultPort the port of the scheme
 */
record Page(Authority authority, String defaultPort) {

  /** Parses an {@code Origin}. One without a host, such as {@code null}, gets an empty name. */
  static Page of(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://")) {
      return new Page(Authority.of(lower.substring("http://".length())), "80");
    }
    if (lower.startsWith("https://")) {
      return new Page(Authority.of(lower.substring("https://".length())), "443");
    }
    return new Page(new Authority("", ""), "");
  }

  /** Returns whether the page was loaded from the host, with any scheme. */
  boolean isFrom(Authority host) {
    String port = host.port().equals(defaultPort) ? "" : host.port();
    return !authority.name().isEmpty()
        && authority.name().equals(host.name())
        && authority.port().equals(port);
  }
}
