package selvedge.server.api;

import java.util.List;

/**
 * What the header fields of a request say about where it comes from: the host that it names, the
 * page that a browser sends it for, and the proxies on its way.
 *
 * <p>Requests with the same header fields share one. Safe for use by many threads: what the fields
 * say never changes, and that a check has accepted them is recorded by a single write of a flag.
 */
public final class RequestSource {
  private static final String FORWARDED_PREFIX = "X-Forwarded-";

  private final String host;
  private final String origin;
  private final String fetchSite;
  private final String fetchMode;
  private final boolean forwarded;
  private final boolean credential;
  private boolean acceptedOpen;
  private boolean acceptedGuarded;

  private RequestSource(
      String host,
      String origin,
      String fetchSite,
      String fetchMode,
      boolean forwarded,
      boolean credential) {
    this.host = host;
    this.origin = origin;
    this.fetchSite = fetchSite;
    this.fetchMode = fetchMode;
    this.forwarded = forwarded;
    this.credential = credential;
  }

  static RequestSource of(List<Response.Header> headers) {
    var reading = new Reading();
    headers.forEach(header -> reading.field(header.name(), header.value()));
    return reading.end();
  }

  /** The same for a request whose target names its host, which counts instead of the field. */
  public RequestSource at(String authority) {
    return new RequestSource(authority, origin, fetchSite, fetchMode, forwarded, credential);
  }

  /** {@code Host}, or {@code :authority}; empty when there is none. */
  public String host() {
    return host;
  }

  /** {@code Origin}; empty when there is none. */
  public String origin() {
    return origin;
  }

  /** {@code Sec-Fetch-Site}; empty when there is none. */
  public String fetchSite() {
    return fetchSite;
  }

  /** {@code Sec-Fetch-Mode}; empty when there is none. */
  public String fetchMode() {
    return fetchMode;
  }

  /** Whether a proxy says that it has forwarded the request. */
  public boolean isForwarded() {
    return forwarded;
  }

  /** Whether the request carries a token, which no browser adds by itself. */
  public boolean hasCredential() {
    return credential;
  }

  /** Whether {@link #accept} was called for a server that is open, or guarded. */
  public boolean isAccepted(boolean open) {
    return open ? acceptedOpen : acceptedGuarded;
  }

  /** Records that these header fields are accepted whatever the method and the target are. */
  public void accept(boolean open) {
    if (open) {
      acceptedOpen = true;
    } else {
      acceptedGuarded = true;
    }
  }

  /** Reads header fields one by one. Belongs to one thread. */
  public static final class Reading {
    private String host = "";
    private String origin = "";
    private String fetchSite = "";
    private String fetchMode = "";
    private boolean forwarded;
    private boolean credential;

    /** Takes one field; a field that comes again with another value counts as both, joined. */
    public void field(String name, String value) {
      switch (name.length()) {
        case 3 -> forwarded |= name.equalsIgnoreCase("Via");
        case 4 -> host = name.equalsIgnoreCase("Host") ? joined(host, value) : host;
        case 6 -> origin = name.equalsIgnoreCase("Origin") ? joined(origin, value) : origin;
        case 9 ->
            forwarded |= name.equalsIgnoreCase("Forwarded") || name.equalsIgnoreCase("X-Real-IP");
        case 10 -> credential |= name.equalsIgnoreCase("X-Auth-Key");
        case 13 -> {
          credential |= name.equalsIgnoreCase("Authorization");
          forwarded |= isForwarding(name);
        }
        case 14 -> fetch(name, value);
        case 23 -> {
          credential |= name.equalsIgnoreCase("X-Auth-User-Service-Key");
          forwarded |= isForwarding(name);
        }
        default -> forwarded |= isForwarding(name);
      }
    }

    private void fetch(String name, String value) {
      if (name.equalsIgnoreCase("Sec-Fetch-Site")) {
        fetchSite = joined(fetchSite, value);
      } else if (name.equalsIgnoreCase("Sec-Fetch-Mode")) {
        fetchMode = joined(fetchMode, value);
      } else {
        forwarded |= isForwarding(name);
      }
    }

    private static boolean isForwarding(String name) {
      return name.regionMatches(true, 0, FORWARDED_PREFIX, 0, FORWARDED_PREFIX.length());
    }

    private static String joined(String before, String value) {
      return before.isEmpty() || before.equals(value) ? value : before + ", " + value;
    }

    public RequestSource end() {
      return new RequestSource(host, origin, fetchSite, fetchMode, forwarded, credential);
    }
  }
}
