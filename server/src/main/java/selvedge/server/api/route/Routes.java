package selvedge.server.api.route;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;

/** Finds the route of a request among those of all protocols. */
public final class Routes {
  public static final String REST_PREFIX = "/client/v4";
  public static final String BINDING_PREFIX = "/kv";
  public static final String V1_PREFIX = "/v1";
  public static final String EXPLORER_PREFIX = "/cdn-cgi/explorer/api";

  /** The path of the explorer since miniflare 5. */
  private static final String EXPLORER_PREFIX_5 = "/cdn-cgi/local/explorer/api";

  private static final String BULK_GET_SUFFIX = "/bulk/get";

  private static final RouteTable REST = table(ProtocolName.REST, RestRoute.values());
  private static final RouteTable BINDING = table(ProtocolName.BINDING, BindingRoute.values());
  private static final RouteTable V1 = table(ProtocolName.V1, V1Route.values());
  private static final RouteTable EXPLORER = table(ProtocolName.EXPLORER, ExplorerRoute.values());
  private static final RouteTable PROBES = table(ProtocolName.PROBES, ProbeRoute.values());
  private static final RouteTable PAGES = table(ProtocolName.PAGES, PageRoute.values());
  private static final RouteTable NONE = new RouteTable(ProtocolName.NONE, List.of());

  private Routes() {}

  private static RouteTable table(ProtocolName protocol, Route... routes) {
    return new RouteTable(protocol, List.of(routes));
  }

  /** Returns all routes, in the order of the documentation. */
  public static List<Route> all() {
    return Stream.<Route[]>of(
            RestRoute.values(),
            BindingRoute.values(),
            V1Route.values(),
            ExplorerRoute.values(),
            ProbeRoute.values(),
            PageRoute.values())
        .flatMap(Stream::of)
        .toList();
  }

  /** Returns the target of the request. A repeated request is matched once. */
  public static Target of(Request request) {
    return request.once(Target.class, Routes::find);
  }

  private static Target find(Request request) {
    String path = request.path();
    if (isBelow(REST_PREFIX, path)) {
      return REST.target(request, path, REST_PREFIX.length());
    }
    // With this header every path is a key.
    Optional<String> namespace = request.header(HeaderNames.CF_KV_NAMESPACE_ID);
    if (namespace.isPresent()) {
      return BINDING.target(request, path, 0, namespace.get(), false);
    }
    if (isBelow(BINDING_PREFIX, path)) {
      return belowNamespace(request, path);
    }
    if (isBelow(V1_PREFIX, path)) {
      return V1.target(request, path, V1_PREFIX.length());
    }
    if (isBelow(EXPLORER_PREFIX, path) || isBelow(EXPLORER_PREFIX_5, path)) {
      return EXPLORER.target(request, path, path.length() - explorerPath(path).length());
    }
    Target probe = PROBES.target(request, path, 0);
    if (!(probe.route() instanceof UnmatchedRoute)) {
      return probe;
    }
    Target page = PAGES.target(request, path, 0);
    return page.route() instanceof UnmatchedRoute ? NONE.target(request, path, 0) : page;
  }

  /** Returns the rest of a path of the explorer behind its prefix. */
  public static String explorerPath(String path) {
    String prefix = isBelow(EXPLORER_PREFIX, path) ? EXPLORER_PREFIX : EXPLORER_PREFIX_5;
    return path.substring(prefix.length());
  }

  /** The path names the namespace, and goes on as it does where a header names it. */
  private static Target belowNamespace(Request request, String path) {
    int start = Math.min(BINDING_PREFIX.length() + 1, path.length());
    int slash = path.indexOf('/', start);
    int end = slash < 0 ? path.length() : slash;
    return BINDING.target(request, path, end, path.substring(start, end), true);
  }

  /**
   * Returns whether a POST may be a read there. A preflight does not carry the header that names
   * the namespace, so that every path with this end may be one.
   */
  public static boolean mayReadByPost(String path) {
    return path.endsWith(BULK_GET_SUFFIX);
  }

  /** Returns whether the path is the prefix or lies below it. */
  public static boolean isBelow(String prefix, String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }
}
