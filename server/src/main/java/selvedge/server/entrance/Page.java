package selvedge.server.entrance;

import java.util.Locale;

/**
 * The origin of a web page as its browser names it.
 *
 * @param usualPort what its scheme means without a port
 */
record Page(Authority authority, String usualPort) {

  /** Reads an {@code Origin}; one that names no host, such as {@code null}, has an empty name. */
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

  /** Whether the page comes from that host, by whatever scheme. */
  boolean isFrom(Authority host) {
    String port = host.port().equals(usualPort) ? "" : host.port();
    return !authority.name().isEmpty()
        && authority.name().equals(host.name())
        && authority.port().equals(port);
  }
}
