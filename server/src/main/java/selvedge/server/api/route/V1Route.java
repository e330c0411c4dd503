package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.change;
import static selvedge.server.api.route.RouteEntry.read;

import selvedge.model.InvalidRequestException;
import selvedge.server.access.Right;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.quota.Quota;

/** The operations under {@code /v1}. Frequent paths come first. */
public enum V1Route implements Route {
  GET(read("get", Paths.VALUE, "GET", "HEAD").namespace(Right.READ).quotas(Quota.READS)),
  PUT(change("put", Paths.VALUE, "PUT").namespace(Right.WRITE).quotas(Quota.WRITES)),
  EDIT(change("edit", Paths.VALUE, "PATCH").namespace(Right.WRITE).quotas(Quota.WRITES)),
  DELETE(change("delete", Paths.VALUE, "DELETE").namespace(Right.WRITE).quotas(Quota.DELETES)),
  INCREMENT(
      change("increment", Paths.NAMESPACE + "/increment/{key?}", "POST")
          .namespace(Right.WRITE)
          .quotas(Quota.WRITES)),
  BULK_GET(
      read("bulk get", Paths.NAMESPACE + "/bulk/get", "POST")
          .namespace(Right.READ)
          .quotas(Quota.READS)),
  BULK(
      change("bulk", Paths.NAMESPACE + "/bulk", "POST")
          .namespace(Right.WRITE)
          .quotas(Quota.WRITES, Quota.DELETES)),
  LIST(read("list", Paths.NAMESPACE + "/keys", "GET").namespace(Right.READ).quotas(Quota.LISTS)),
  CLEAR(
      change("clear", Paths.NAMESPACE + "/keys", "DELETE")
          .namespace(Right.WRITE)
          .quotas(Quota.DELETES)),
  COUNT(read("count", Paths.NAMESPACE + "/count", "GET").namespace(Right.READ).quotas(Quota.LISTS)),
  TREE(read("tree", Paths.NAMESPACE + "/tree", "GET").namespace(Right.READ).quotas(Quota.LISTS)),
  HISTORY(
      read("history", Paths.NAMESPACE + "/history/{key?}", "GET")
          .namespace(Right.READ)
          .quotas(Quota.READS)
          .edge(EdgeRule.ORIGIN)),
  ROWS(read("rows", Paths.NAMESPACE + "/rows", "GET").namespace(Right.READ).quotas(Quota.LISTS)),
  GET_STALENESS(read("get staleness", Paths.NAMESPACE + "/staleness", "GET").namespace(Right.READ)),
  SET_STALENESS(
      change("set staleness", Paths.NAMESPACE + "/staleness", "PUT").namespace(Right.ADMIN)),
  GET_NAMESPACE(read("get namespace", Paths.NAMESPACE + "[/|]", "GET").namespace(Right.READ)),
  /** A caller that may read the namespace gets it; another one needs the right to create it. */
  CREATE_NAMESPACE(
      change("create namespace", "/namespaces/{title}[/|]", "PUT")
          .access(new Access.Account(Right.ADMIN))),
  POSITION(
      change("position", "/position", "POST")
          .everywhere(Right.REPLICATE)
          .edge(EdgeRule.EDGE)
          .comparingLineage()),
  FOLLOW_NAMESPACE(feed("feed of a namespace").namespace(Right.READ).when(V1Route::namesNamespace)),
  FOLLOW_FRAMES(feed("feed of a replica").everywhere(Right.REPLICATE).when(V1Route::acceptsFrames)),
  FOLLOW_ALL(feed("feed").everywhere(Right.READ)),
  SNAPSHOT(
      read("snapshot", "/snapshot", "GET")
          .everywhere(Right.REPLICATE)
          .edge(EdgeRule.WHOLE_EDGE)
          .comparingLineage()),
  DIGEST(read("digest", "/digest", "GET").everywhere(Right.REPLICATE)),
  STATUS(read("status", "/status", "GET").everywhere(Right.READ).forOperators()),
  USAGE(
      read("usage", "/usage", "GET").access(new Access.Account(Right.READ)).edge(EdgeRule.ORIGIN)),
  OVERVIEW(read("overview", "/overview", "GET")),
  ANALYTICS(read("analytics", "/analytics", "GET").edge(EdgeRule.ORIGIN)),
  LIMITS(read("limits", "/limits", "GET")),
  SESSION(read("session", "/session", "GET").access(new Access.Anyone())),
  SIGN_IN(change("sign in", "/session", "POST").access(new Access.Anyone()).edge(EdgeRule.EDGE)),
  SIGN_OUT(
      change("sign out", "/session", "DELETE").access(new Access.Anyone()).edge(EdgeRule.EDGE)),
  CREATE_CODE(
      change("console", "/session/codes", "POST")
          .access(new Access.Operator())
          .edge(EdgeRule.EDGE)),
  AUDIT(read("audit", "/audit", "GET").access(new Access.Operator()).edge(EdgeRule.ORIGIN)),
  LIST_TOKENS(read("list tokens", "/tokens", "GET").access(new Access.Operator())),
  CREATE_TOKEN(change("create token", "/tokens", "POST").access(new Access.Operator())),
  REVOKE_TOKEN(change("revoke token", "/tokens/{token}", "DELETE").access(new Access.Operator())),
  ROTATE_TOKEN(
      change("rotate token", "/tokens/{token}/rotate", "POST").access(new Access.Operator())),
  PROMOTE(change("promote", "/promote", "POST").access(new Access.Operator()).edge(EdgeRule.EDGE)),
  FOLLOW(change("follow", "/follow", "POST").access(new Access.Operator()).edge(EdgeRule.EDGE)),
  CONFIRM_CLOCK(
      change("confirm-clock", "/confirm-clock", "POST")
          .access(new Access.Operator())
          .edge(EdgeRule.EDGE)),
  BACKUP(
      change("backup create", "/backup", "POST").access(new Access.Operator()).edge(EdgeRule.EDGE)),
  CHANGE_VOTERS(change("cluster", "/voters", "POST").access(new Access.Operator())),
  STEP_DOWN(change("cluster step-down", "/voters/leader", "POST").access(new Access.Operator())),
  UPGRADE(change("cluster upgrade", "/voters/form", "POST").access(new Access.Operator())),
  JOIN(change("join", "/voters/waiting", "POST").everywhere(Right.REPLICATE)),
  /** Each server has keys of its own. */
  ROTATE_KEY(
      change("key rotate", "/key/rotate", "POST")
          .access(new Access.Operator())
          .edge(EdgeRule.EDGE)),
  /** Each server has settings of its own. */
  SET_LIMIT(
      change("config set", "/settings", "PUT").access(new Access.Operator()).edge(EdgeRule.EDGE)),
  RESET_LIMIT(
      change("config reset", "/settings", "DELETE")
          .access(new Access.Operator())
          .edge(EdgeRule.EDGE)),
  COMPACT(change("compact", "/compact", "POST").access(new Access.Operator()).edge(EdgeRule.EDGE)),
  RETIRE(change("retire", "/edges", "DELETE").access(new Access.Operator()).edge(EdgeRule.EDGE));

  /** The media type of frames, which carry values and tokens and are for replicas. */
  public static final String FRAMES = "application/vnd.selvedge.feed";

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  V1Route(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.V1;
  }

  private static RouteEntry feed(String operation) {
    return read(operation, "/feed", "GET").edge(EdgeRule.WHOLE_EDGE).comparingLineage();
  }

  /** A query that is not well-formed names none; the handler refuses it. */
  private static boolean namesNamespace(Request request) {
    try {
      return Query.of(request).text("namespace").isPresent();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  /** Returns whether the request accepts frames. */
  public static boolean acceptsFrames(Request request) {
    return request.header(HeaderNames.ACCEPT).orElse("").startsWith(FRAMES);
  }

  private static final class Paths {
    private static final String NAMESPACE = "/namespaces/{namespace}";
    private static final String VALUE = NAMESPACE + "/values/{key?}";
  }
}
