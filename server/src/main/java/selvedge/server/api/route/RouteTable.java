package selvedge.server.api.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.server.api.Request;

/** The routes of one protocol by path and method. Immutable. */
final class RouteTable {
  private final ProtocolName protocol;
  private final List<Path> paths;

  /** A path, and the routes that have it. */
  private record Path(PathTemplate template, List<Route> routes) {}

  /**
   * @param routes those that are tried first come first
   */
  RouteTable(ProtocolName protocol, List<? extends Route> routes) {
    Map<PathTemplate, List<Route>> byPath = new LinkedHashMap<>();
    routes.forEach(
        route -> byPath.computeIfAbsent(route.entry().path(), _ -> new ArrayList<>()).add(route));
    this.protocol = protocol;
    this.paths =
        byPath.entrySet().stream()
            .map(each -> new Path(each.getKey(), List.copyOf(each.getValue())))
            .toList();
  }

  /** Returns the target of the request by its path from the given position. */
  Target target(Request request, String path, int from) {
    return target(request, path, from, "", protocol != ProtocolName.REST);
  }

  /**
   * Returns the target of the request in a namespace, by its path from the given position.
   *
   * @param encoded whether the name of the namespace is percent-encoded
   */
  Target target(Request request, String path, int from, String namespace, boolean encoded) {
    boolean hasPath = false;
    PathTemplate.Values rest = PathTemplate.Values.NONE;
    for (Path each : paths) {
      Optional<PathTemplate.Values> values = each.template().match(path, from);
      if (values.isPresent() && isWellFormed(values.get())) {
        Optional<Route> route = route(request, each.routes());
        if (route.isPresent()) {
          return new Target(route.get(), values.get().in(namespace), encoded);
        }
        hasPath = true;
        rest = values.get();
      }
    }
    var unmatched = UnmatchedRoute.of(protocol, request.method(), hasPath);
    return new Target(unmatched, rest.in(namespace), encoded);
  }

  private static Optional<Route> route(Request request, List<Route> routes) {
    for (Route route : routes) {
      if (route.entry().hasMethod(request.method()) && route.entry().condition().test(request)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  private static boolean isWellFormed(PathTemplate.Values values) {
    return values.account().isEmpty() || AccountId.isWellFormed(values.account());
  }
}
