package selvedge.server.edge;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import selvedge.server.api.Response;

/** The header fields that an edge passes on between a client and the origin. */
final class ForwardedHeaders {
  /** Fields of one connection, and fields that this server writes itself. */
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "expect",
          "content-length",
          "host",
          "date",
          "selvedge-age",
          "selvedge-client",
          "selvedge-edge-epoch",
          "selvedge-forwarder",
          "selvedge-visible",
          "x-content-type-options",
          "cross-origin-resource-policy");

  /** Fields of browsers and proxies, which are checked here and not true for the origin. */
  private static final Set<String> CHECKED_HERE = Set.of("origin", "forwarded", "x-real-ip", "via");

  private static final List<String> CHECKED_HERE_PREFIXES = List.of("sec-fetch-", "x-forwarded-");

  private ForwardedHeaders() {}

  /** HTTP/2 has fields of its own, whose names begin with a colon or x-http2. */
  static boolean has(Response.Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return !NOT_FORWARDED.contains(name)
        && !CHECKED_HERE.contains(name)
        && CHECKED_HERE_PREFIXES.stream().noneMatch(name::startsWith)
        && !name.startsWith(":")
        && !name.startsWith("x-http2");
  }
}
