package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.change;
import static selvedge.server.api.route.RouteEntry.read;

import selvedge.server.access.Right;
import selvedge.server.quota.Quota;

/** The operations that a Worker's {@code kvNamespace} requests, by their path in a namespace. */
public enum BindingRoute implements Route {
  LIST(read("list", "[/|]", "GET").namespace(Right.READ).quotas(Quota.LISTS)),
  BULK_GET(read("bulk get", "/bulk/get", "POST").namespace(Right.READ).quotas(Quota.READS)),
  GET(read("get", Paths.VALUE, "GET", "HEAD").namespace(Right.READ).quotas(Quota.READS)),
  PUT(change("put", Paths.VALUE, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  DELETE(change("delete", Paths.VALUE, "DELETE").namespace(Right.WRITE).quotas(Quota.DELETES));

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  BindingRoute(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.BINDING;
  }

  private static final class Paths {
    private static final String VALUE = "[/|]{key?}";
  }
}
