package selvedge.server.audit;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.server.access.Admission;
import selvedge.server.access.OpenCaller;
import selvedge.server.access.Token;
import selvedge.server.access.TokenGate;
import selvedge.server.api.Body;
import selvedge.server.api.Json;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.V1Route;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Finds the administrative acts among the requests of a site. Safe for use by many threads. */
public final class AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final int TARGET_CHARACTERS_MAX = 1000;
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private static final String LOCAL_SECRET = "local secret";

  /** The member by which a PUT of a namespace says that there was none before. */
  private static final String CREATED = "created";

  /** The members of answers that name what was changed. The secret of a token is not among them. */
  private static final List<String> NAMING =
      List.of(
          "id",
          "name",
          "title",
          "grant",
          "account",
          "namespace",
          "prefix",
          "expires",
          "revoked",
          "following",
          "value",
          "retired",
          "directory",
          "version",
          "master_key");

  private final TokenGate gate;
  private final ClientAddress addresses;
  private final InstantSource clock;
  private final Consumer<Act> acts;
  private final String server;

  /**
   * @param acts receives each act before its request is answered
   * @param server the location of an edge; empty for the origin
   */
  private AuditTrail(
      TokenGate gate,
      ClientAddress addresses,
      InstantSource clock,
      Consumer<Act> acts,
      String server) {
    this.gate = gate;
    this.addresses = addresses;
    this.clock = clock;
    this.acts = acts;
    this.server = server;
  }

  /** Returns the trail of a site that stores the acts, and logs those that it stores. */
  public static AuditTrail storing(
      Audit audit, TokenGate gate, ClientAddress addresses, InstantSource clock) {
    return new AuditTrail(
        gate, addresses, clock, act -> audit.add(act).ifPresent(AuditTrail::log), "");
  }

  /**
   * Returns the trail of an edge, which logs the acts and keeps them until its origin has recorded
   * them.
   *
   * @param location the name of the edge
   */
  public static AuditTrail reporting(
      PendingActs pending,
      TokenGate gate,
      ClientAddress addresses,
      InstantSource clock,
      String location) {
    return new AuditTrail(
        gate,
        addresses,
        clock,
        act -> {
          log(act);
          pending.add(act);
        },
        location);
  }

  /** Returns the network address of the client of a request, also if a server forwarded it. */
  public String addressOf(Request request) {
    return addresses.of(request);
  }

  private static void log(Act act) {
    LOG.info("audit: {}", ActCodec.encode(act).utf8());
  }

  /** Answers the request, and records it if it is an administrative act. */
  public Response answer(Request request, Supplier<Response> answering) {
    Route route = Routes.of(request).route();
    if (!route.isAudited()) {
      return answering.get();
    }
    // An act may end the admission of its own caller.
    String actor = actor(request);
    Response response = answering.get();
    Map<String, String> result = result(response);
    if (route == V1Route.SIGN_IN && response.status() == 200) {
      actor = signedIn(response);
    }
    if (!isNoAct(route, actor, response, result)) {
      result.remove(CREATED);
      acts.accept(
          new Act(
              clock.instant(),
              actor,
              addressOf(request),
              route.operation(),
              target(request),
              result,
              response.status(),
              0,
              server));
    }
    return response;
  }

  /** A PUT may find its namespace, and a browser may sign out that was not signed in. */
  private static boolean isNoAct(
      Route route, String actor, Response response, Map<String, String> result) {
    return (route == V1Route.CREATE_NAMESPACE
            && response.status() == 200
            && !result.containsKey(CREATED))
        || (route == V1Route.SIGN_OUT && actor.startsWith(Act.NOT_ADMITTED));
  }

  /** Returns the caller whose token was in the body of a sign-in. */
  private static String signedIn(Response response) {
    JsonNode token =
        response.body() instanceof Body.Held(var bytes)
            ? Json.tree(bytes).path("token")
            : MissingNode.getInstance();
    return token.isMissingNode()
        ? LOCAL_SECRET
        : token(token.path("id").asString(), token.path("name").asString(""));
  }

  private static String token(String id, String name) {
    return name.isEmpty() || name.equals(id) ? "token " + id : "token " + id + " (" + name + ")";
  }

  private String actor(Request request) {
    return switch (gate.admit(request)) {
      case Admission.Refused(var reason) -> Act.NOT_ADMITTED + ": " + reason;
      case Admission.Admitted(Token token) -> token(token.id(), token.name());
      case Admission.Admitted(OpenCaller(boolean isOwner)) when isOwner -> LOCAL_SECRET;
      case Admission.Admitted(_) -> "open server";
    };
  }

  private static String target(Request request) {
    String target =
        request.query().isEmpty() ? request.path() : request.path() + "?" + request.query();
    return target.length() > TARGET_CHARACTERS_MAX
        ? target.substring(0, TARGET_CHARACTERS_MAX)
        : target;
  }

  private static Map<String, String> result(Response response) {
    Map<String, String> result = new TreeMap<>();
    if (response.body() instanceof Body.Held(var bytes)
        && bytes.length() > 0
        && bytes.length() <= ANSWER_BYTES_MAX) {
      try {
        JsonNode answer = Json.tree(bytes);
        JsonNode object = answer.path("result").isObject() ? answer.path("result") : answer;
        for (String member : NAMING) {
          if (object.path(member).isValueNode()) {
            result.put(member, object.path(member).asString());
          }
        }
        if (object.path(CREATED).isBoolean()) {
          result.put(CREATED, "true");
        }
      } catch (JacksonException e) {
        LOG.debug("the answer to an administrative act is no JSON", e);
      }
    }
    return result;
  }
}
