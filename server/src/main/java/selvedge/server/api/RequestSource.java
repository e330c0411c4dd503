package selvedge.server.api;

import java.util.List;

/**
 * Where a request comes from, according to its header fields: the host that it names, the page that
 * a browser sends it for, and the proxies on its way.
 *
 * <p>Requests with the same header fields share one. Safe for use by many threads: the fields never
 * change, and acceptance is recorded by a single write of a flag.
 */
public final class RequestSource {
  private static final String FORWARDED_PREFIX = "X-Forwarded-";

  private final String host;
  private final String origin;
  private final String fetchSite;
  private final String fetchMode;
  private final boolean forwarded;
  private final boolean credential;
  private final boolean cookie;
  private boolean acceptedOpen;
  private boolean acceptedGuarded;

  private RequestSource(Reading fields, String host) {
    this.host = host;
    this.origin = fields.origin;
    this.fetchSite = fields.fetchSite;
    this.fetchMode = fields.fetchMode;
    this.forwarded = fields.forwarded;
    this.credential = fields.credential;
    this.cookie = fields.cookie;
  }

  static RequestSource of(List<Response.Header> headers) {
    var reading = new Reading();
    headers.forEach(header -> reading.field(header.name(), header.value()));
    return reading.end();
  }

  /** Returns the same for a request whose target names its host, which overrides the field. */
  public RequestSource at(String authority) {
    var fields = new Reading();
    fields.origin = origin;
    fields.fetchSite = fetchSite;
    fields.fetchMode = fetchMode;
    fields.forwarded = forwarded;
    fields.credential = credential;
    fields.cookie = cookie;
    return new RequestSource(fields, authority);
  }

  /** Returns {@code Host} or {@code :authority}; empty if there is none. */
  public String host() {
    return host;
  }

  /** Returns {@code Origin}; empty if there is none. */
  public String origin() {
    return origin;
  }

  /** Returns {@code Sec-Fetch-Site}; empty if there is none. */
  public String fetchSite() {
    return fetchSite;
  }

  /** Returns {@code Sec-Fetch-Mode}; empty if there is none. */
  public String fetchMode() {
    return fetchMode;
  }

  /** Returns whether a proxy has marked the request as forwarded. */
  public boolean isForwarded() {
    return forwarded;
  }

  /** Returns whether the request carries a token, which a browser never adds by itself. */
  public boolean hasCredential() {
    return credential;
  }

  /** Returns whether the request has a cookie, which a browser adds by itself. */
  public boolean hasCookie() {
    return cookie;
  }

  /** Returns whether the request has a token, or a cookie, which may carry one. */
  public boolean mayHaveToken() {
    return credential || cookie;
  }

  /**
   * Returns whether {@link #accept} was called for a server that is open, or for one that is
   * guarded.
   */
  public boolean isAccepted(boolean open) {
    return open ? acceptedOpen : acceptedGuarded;
  }

  /** Records that these header fields are accepted with every method and target. */
  public void accept(boolean open) {
    if (open) {
      acceptedOpen = true;
    } else {
      acceptedGuarded = true;
    }
  }

  /** Collects header fields. Belongs to one thread. */
  public static final class Reading {
    private String host = "";
    private String origin = "";
    private String fetchSite = "";
    private String fetchMode = "";
    private boolean forwarded;
    private boolean credential;
    private boolean cookie;

    /** Adds one field. Different values of one field are joined. */
    public void field(String name, String value) {
      switch (name.length()) {
        case 3 -> forwarded |= name.equalsIgnoreCase("Via");
        case 4 -> host = name.equalsIgnoreCase("Host") ? joined(host, value) : host;
        case 6 -> {
          origin = name.equalsIgnoreCase("Origin") ? joined(origin, value) : origin;
          cookie |= name.equalsIgnoreCase("Cookie");
        }
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
      return new RequestSource(this, host);
    }
  }
}
