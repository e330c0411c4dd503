package selvedge.server.analytics;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import selvedge.model.NamespaceId;
import selvedge.server.api.Request;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.http.HttpMeter;

/** Counts the operations on namespaces. Safe for use by many threads. */
public final class OperationMeter implements HttpMeter {
  private final HttpMeter next;
  private final Analytics analytics;

  /** The operation of each route that has one. Not changed after construction. */
  private final Map<Route, Operation> operations = new HashMap<>();

  /**
   * @param next receives all measurements
   */
  public OperationMeter(HttpMeter next, Analytics analytics) {
    this.next = next;
    this.analytics = analytics;
    Routes.all()
        .forEach(
            route -> Operation.of(route).ifPresent(operation -> operations.put(route, operation)));
  }

  @Override
  public void connections(int change) {
    next.connections(change);
  }

  @Override
  public void inFlight(int change) {
    next.inFlight(change);
  }

  @Override
  public void answered(Request request, int status, long nanos, long in, long out) {
    next.answered(request, status, nanos, in, out);
    NamespaceId namespace = request.countedFor();
    if (!namespace.equals(NamespaceId.SYSTEM)) {
      @Nullable Operation operation = operations.get(Routes.of(request).route());
      if (operation != null) {
        analytics.add(namespace, operation, status, nanos, in, out);
      }
    }
  }
}
