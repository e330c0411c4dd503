package selvedge.server.api.route;

import java.util.List;
import java.util.function.Predicate;
import selvedge.server.access.Right;
import selvedge.server.api.Request;
import selvedge.server.quota.Quota;

/**
 * What the server decides by the operation of a request.
 *
 * @param operation in the words of the protocol
 * @param methods that ask for it; empty for all methods
 * @param condition that the request meets beside its method and path
 * @param quotas that it is counted against; empty if it is not counted
 * @param isRead whether it changes nothing
 * @param isOperators whether operators use it, for whom some requests are reserved
 * @param comparesLineage whether its handler compares the lineage of the sender with this one
 */
public record RouteEntry(
    String operation,
    List<String> methods,
    PathTemplate path,
    Predicate<Request> condition,
    Access access,
    List<Quota> quotas,
    boolean isRead,
    EdgeRule edge,
    boolean isOperators,
    boolean comparesLineage) {

  public RouteEntry {
    methods = List.copyOf(methods);
    quotas = List.copyOf(quotas);
  }

  /** An operation that changes nothing, which an edge answers. */
  static RouteEntry read(String operation, String path, String... methods) {
    return of(operation, path, true, EdgeRule.EDGE, methods);
  }

  /** An operation that changes something, which an edge forwards. */
  static RouteEntry change(String operation, String path, String... methods) {
    return of(operation, path, false, EdgeRule.ORIGIN, methods);
  }

  private static RouteEntry of(
      String operation, String path, boolean read, EdgeRule edge, String... methods) {
    return new RouteEntry(
        operation,
        List.of(methods),
        PathTemplate.of(path),
        _ -> true,
        new Access.AnyCaller(),
        List.of(),
        read,
        edge,
        false,
        false);
  }

  RouteEntry access(Access required) {
    return new RouteEntry(
        operation,
        methods,
        path,
        condition,
        required,
        quotas,
        isRead,
        edge,
        isOperators || required instanceof Access.Operator,
        comparesLineage);
  }

  RouteEntry namespace(Right right) {
    return access(new Access.Namespace(right));
  }

  RouteEntry everywhere(Right right) {
    return access(new Access.Everywhere(right));
  }

  RouteEntry quotas(Quota... counted) {
    return new RouteEntry(
        operation,
        methods,
        path,
        condition,
        access,
        List.of(counted),
        isRead,
        edge,
        isOperators,
        comparesLineage);
  }

  RouteEntry edge(EdgeRule rule) {
    return new RouteEntry(
        operation,
        methods,
        path,
        condition,
        access,
        quotas,
        isRead,
        rule,
        isOperators,
        comparesLineage);
  }

  RouteEntry when(Predicate<Request> met) {
    return new RouteEntry(
        operation, methods, path, met, access, quotas, isRead, edge, isOperators, comparesLineage);
  }

  RouteEntry forOperators() {
    return new RouteEntry(
        operation, methods, path, condition, access, quotas, isRead, edge, true, comparesLineage);
  }

  RouteEntry comparingLineage() {
    return new RouteEntry(
        operation, methods, path, condition, access, quotas, isRead, edge, isOperators, true);
  }

  boolean hasMethod(String method) {
    return methods.isEmpty() || methods.contains(method);
  }
}
