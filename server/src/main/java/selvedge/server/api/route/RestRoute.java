package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.change;
import static selvedge.server.api.route.RouteEntry.read;

import selvedge.server.access.Right;
import selvedge.server.quota.Quota;

/** The operations of the REST API of Workers KV. Frequent paths come first. */
public enum RestRoute implements Route {
  GET(read("get", Paths.VALUE, "GET", "HEAD").namespace(Right.READ).quotas(Quota.READS)),
  PUT(change("put", Paths.VALUE, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  DELETE(change("remove key", Paths.VALUE, "DELETE").namespace(Right.WRITE).quotas(Quota.DELETES)),
  LIST(
      read("list keys", Paths.NAMESPACE + "/keys", "GET")
          .namespace(Right.READ)
          .quotas(Quota.LISTS)),
  METADATA(
      read("metadata", Paths.NAMESPACE + "/metadata/{key}", "GET")
          .namespace(Right.READ)
          .quotas(Quota.READS)),
  BULK_PUT(change("bulk put", Paths.BULK, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  BULK_DELETE(
      change("bulk remove keys", Paths.BULK, "DELETE")
          .namespace(Right.WRITE)
          .quotas(Quota.DELETES)),
  BULK_DELETE_BY_POST(
      change("bulk remove keys", Paths.BULK + "/delete", "POST")
          .namespace(Right.WRITE)
          .quotas(Quota.DELETES)),
  BULK_GET(
      read("bulk get keys", Paths.BULK + "/get", "POST").namespace(Right.READ).quotas(Quota.READS)),
  LIST_NAMESPACES(
      read("list namespaces", Paths.NAMESPACES + "[/|]", "GET").access(new Access.InAccount())),
  CREATE_NAMESPACE(
      change("create namespace", Paths.NAMESPACES + "[/|]", "POST")
          .access(new Access.Account(Right.ADMIN))),
  GET_NAMESPACE(read("get namespace", Paths.NAMESPACE, "GET").namespace(Right.READ)),
  RENAME_NAMESPACE(
      change("rename namespace", Paths.NAMESPACE, "PUT").access(new Access.Account(Right.ADMIN))),
  DELETE_NAMESPACE(change("remove namespace", Paths.NAMESPACE, "DELETE").namespace(Right.ADMIN)),
  /** The older analytics, which the SDK of the service still has. */
  ANALYTICS(
      read("query analytics", Paths.ACCOUNT + "/storage/analytics", "GET")
          .access(new Access.InAccount())
          .edge(EdgeRule.ORIGIN)),
  STORED_ANALYTICS(
      read("query stored analytics", Paths.ACCOUNT + "/storage/analytics/stored", "GET")
          .access(new Access.InAccount())
          .edge(EdgeRule.ORIGIN)),
  GRAPHQL(read("graphql", "/graphql", "POST").edge(EdgeRule.ORIGIN)),
  GET_ACCOUNT(read("get account", Paths.ACCOUNT, "GET").access(new Access.InAccount())),
  VERIFY_IN_ACCOUNT(
      read("verify token", Paths.ACCOUNT + "/tokens/verify", "GET").access(new Access.InAccount())),
  VERIFY(read("verify token", "/user/tokens/verify", "GET")),
  GET_USER(read("get user", "/user", "GET")),
  LIST_ACCOUNTS(read("list accounts", "/accounts", "GET")),
  LIST_MEMBERSHIPS(read("list memberships", "/memberships", "GET"));

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  RestRoute(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.REST;
  }

  /** Older clients use the path with {@code /workers}. */
  private static final class Paths {
    private static final String ACCOUNT = "/accounts/{account}";
    private static final String NAMESPACES = ACCOUNT + "[/storage/kv|/workers]/namespaces";
    private static final String NAMESPACE = NAMESPACES + "/{namespace}";
    private static final String VALUE = NAMESPACE + "/values/{key}";
    private static final String BULK = NAMESPACE + "/bulk";
  }
}
