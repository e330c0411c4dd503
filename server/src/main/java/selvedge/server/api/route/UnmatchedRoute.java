package selvedge.server.api.route;

/**
 * The route of a request that no other route takes.
 *
 * <p>An edge answers those that only read, and forwards the others, because an origin of a newer
 * version may have a route for them.
 *
 * @param hasPath whether another method has a route with this path
 */
public record UnmatchedRoute(ProtocolName protocol, boolean hasPath, RouteEntry entry)
    implements Route {
  private static final RouteEntry READ = RouteEntry.read("read", "/{key?}");
  private static final RouteEntry CHANGE = RouteEntry.change("change", "/{key?}");

  static UnmatchedRoute of(ProtocolName protocol, String method, boolean hasPath) {
    boolean read = method.equals("GET") || method.equals("HEAD");
    return new UnmatchedRoute(protocol, hasPath, read ? READ : CHANGE);
  }
}
