package selvedge.verification.access;

import java.util.List;
import selvedge.server.api.route.Access;
import selvedge.server.api.route.BindingRoute;
import selvedge.server.api.route.ExplorerRoute;
import selvedge.server.api.route.PageRoute;
import selvedge.server.api.route.ProbeRoute;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.RestRoute;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.UnmatchedRoute;
import selvedge.server.api.route.V1Route;

/**
 * A request for a route that disturbs the server no more than the scan of all routes can bear.
 *
 * @param answer the status for a caller that the route admits
 */
record RouteRequest(String method, String target, String body, List<String> headers, int answer) {
  private static final int DONE = 200;
  private static final int INVALID = 400;
  private static final int NOT_FOUND = 404;

  /**
   * @param account of the namespace
   * @param namespace the id of a namespace with the key {@code k}
   * @param unique a number that no other request of the scan has
   */
  static RouteRequest of(Route route, String account, String namespace, int unique) {
    List<String> methods = route.entry().methods();
    String path =
        route
            .entry()
            .path()
            .shown()
            .replace("{account}", account)
            .replace("{namespace}", namespace)
            .replace("{title}", "title-" + unique)
            .replace("{token}", "none")
            .replace("{key}", key(route));
    return new RouteRequest(
        methods.isEmpty() ? "GET" : methods.getFirst(),
        prefix(route.protocol(), namespace) + path + query(route, account, namespace),
        body(route, unique),
        route == V1Route.FOLLOW_FRAMES ? List.of("Accept", V1Route.FRAMES) : List.of(),
        answer(route));
  }

  private static String prefix(ProtocolName protocol, String namespace) {
    return switch (protocol) {
      case REST -> Routes.REST_PREFIX;
      case BINDING -> Routes.BINDING_PREFIX + "/" + namespace;
      case V1 -> Routes.V1_PREFIX;
      case EXPLORER -> Routes.EXPLORER_PREFIX;
      case PROBES, PAGES, NONE -> "";
    };
  }

  private static String key(Route route) {
    if (route == V1Route.INCREMENT) {
      return "number";
    }
    return route.isRead() || route == V1Route.EDIT ? "k" : "other";
  }

  private static String query(Route route, String account, String namespace) {
    return switch (route) {
      case V1Route.FOLLOW_NAMESPACE -> "?namespace=" + namespace + "&account=" + account;
      case V1Route.CLEAR -> "?prefix=none&account=" + account;
      case V1Route.BACKUP -> "?name=not+a+name";
      case V1Route.PROMOTE -> "?force=true";
      case V1Route.STEP_DOWN -> "?to=unknown";
      case V1Route.UPGRADE -> "?dry-run=perhaps";
      case V1Route v1 ->
          v1.entry().access() instanceof Access.Everywhere ? "" : "?account=" + account;
      case RestRoute _,
          BindingRoute _,
          ExplorerRoute _,
          ProbeRoute _,
          PageRoute _,
          UnmatchedRoute _ ->
          "";
    };
  }

  private static String body(Route route, int unique) {
    return switch (route) {
      case RestRoute.BULK_PUT, ExplorerRoute.BULK_PUT -> "[{\"key\":\"other\",\"value\":\"v\"}]";
      case RestRoute.BULK_DELETE, RestRoute.BULK_DELETE_BY_POST, ExplorerRoute.BULK_DELETE ->
          "[\"other\"]";
      case RestRoute.BULK_GET, BindingRoute.BULK_GET, V1Route.BULK_GET, ExplorerRoute.BULK_GET ->
          "{\"keys\":[\"k\"]}";
      case RestRoute.CREATE_NAMESPACE, RestRoute.RENAME_NAMESPACE ->
          "{\"title\":\"title-" + unique + "\"}";
      case RestRoute.GRAPHQL -> "{\"query\":\"{ viewer { __typename } }\"}";
      case V1Route.SIGN_IN -> "{}";
      case V1Route.EDIT -> "";
      case V1Route.CREATE_TOKEN -> "{\"grant\":\"read\",\"name\":\"scan\"}";
      case V1Route.POSITION -> "{\"location\":\"scan\"}";
      case RestRoute _,
          BindingRoute _,
          ExplorerRoute _,
          V1Route _,
          ProbeRoute _,
          PageRoute _,
          UnmatchedRoute _ ->
          route.isRead() ? "" : "v";
    };
  }

  private static int answer(Route route) {
    return switch (route) {
      case V1Route.REVOKE_TOKEN, V1Route.ROTATE_TOKEN, PageRoute.CONSOLE -> NOT_FOUND;
      case V1Route.BULK,
          V1Route.BACKUP,
          V1Route.FOLLOW,
          V1Route.PROMOTE,
          V1Route.CHANGE_VOTERS,
          V1Route.STEP_DOWN,
          V1Route.UPGRADE,
          V1Route.JOIN,
          V1Route.ROTATE_KEY,
          V1Route.SET_LIMIT,
          V1Route.RESET_LIMIT,
          V1Route.RETIRE,
          V1Route.SIGN_IN ->
          INVALID;
      case V1Route.SIGN_OUT -> 204;
      case RestRoute _,
          BindingRoute _,
          ExplorerRoute _,
          V1Route _,
          ProbeRoute _,
          PageRoute _,
          UnmatchedRoute _ ->
          DONE;
    };
  }
}
