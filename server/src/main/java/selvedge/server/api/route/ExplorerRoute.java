package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.change;
import static selvedge.server.api.route.RouteEntry.read;

import selvedge.server.access.Right;
import selvedge.server.quota.Quota;

/** The operations of miniflare's local explorer API that concern Workers KV. */
public enum ExplorerRoute implements Route {
  DOCUMENT(read("get document", "[/|]", "GET")),
  LIST_NAMESPACES(read("list namespaces", Paths.NAMESPACES, "GET").access(new Access.InAccount())),
  LIST(
      read("list keys", Paths.NAMESPACE + "/keys", "GET")
          .namespace(Right.READ)
          .quotas(Quota.LISTS)),
  GET(read("get", Paths.VALUE, "GET", "HEAD").namespace(Right.READ).quotas(Quota.READS)),
  PUT(change("put", Paths.VALUE, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  DELETE(change("remove key", Paths.VALUE, "DELETE").namespace(Right.WRITE).quotas(Quota.DELETES)),
  BULK_PUT(change("bulk put", Paths.BULK, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  BULK_DELETE(
      change("bulk remove keys", Paths.BULK + "/delete", "POST")
          .namespace(Right.WRITE)
          .quotas(Quota.DELETES)),
  BULK_GET(
      read("bulk get keys", Paths.BULK + "/get", "POST").namespace(Right.READ).quotas(Quota.READS));

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  ExplorerRoute(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.EXPLORER;
  }

  private static final class Paths {
    private static final String NAMESPACES = "/storage/kv/namespaces";
    private static final String NAMESPACE = NAMESPACES + "/{namespace}";
    private static final String VALUE = NAMESPACE + "/values/{key}";
    private static final String BULK = NAMESPACE + "/bulk";
  }
}
