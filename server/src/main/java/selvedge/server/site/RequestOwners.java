package selvedge.server.site;

import java.util.Set;
import java.util.function.Function;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.OpenCaller;
import selvedge.server.access.Right;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;

/**
 * Tells whose request it is, and whether somebody looks after the server by it.
 *
 * <p>The paths of operators are not those of applications, so that an application that has a token
 * of an operator leaves the reserve alone.
 */
record RequestOwners(Gate gate) implements Function<Request, RequestOwner> {
  private static final Set<String> OPERATORS_PATHS =
      Set.of(
          "/livez",
          "/readyz",
          "/metrics",
          "/v1/status",
          "/v1/promote",
          "/v1/follow",
          "/v1/confirm-clock",
          "/v1/backup");
  private static final String TOKENS_PATH = "/v1/tokens";
  private static final Set<String> PROBES = Set.of("/livez", "/readyz");

  @Override
  public RequestOwner apply(Request request) {
    boolean probe = PROBES.contains(request.path());
    return switch (gate.admit(request)) {
      case Admission.Admitted(OpenCaller anyone) ->
          new RequestOwner(true, probe || isOperators(request, anyone), "");
      case Admission.Admitted(Caller caller) ->
          new RequestOwner(true, probe || isOperators(request, caller), caller.tokenId());
      case Admission.Refused _ -> new RequestOwner(probe, probe, "");
    };
  }

  private static boolean isOperators(Request request, Caller caller) {
    String path = request.path();
    return (OPERATORS_PATHS.contains(path) || path.startsWith(TOKENS_PATH))
        && caller.mayEverywhere(Right.READ);
  }
}
