package selvedge.server;

import java.util.Set;
import java.util.function.Function;
import selvedge.server.access.Admission;
import selvedge.server.access.Anyone;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.Right;
import selvedge.server.api.Request;
import selvedge.server.api.Standing;

/**
 * Tells whose request it is, and whether somebody looks after the server by it.
 *
 * <p>The paths of operators are not those of applications, so that an application that has a token
 * of an operator leaves the reserve alone.
 */
record Standings(Gate gate) implements Function<Request, Standing> {
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
  public Standing apply(Request request) {
    boolean probe = PROBES.contains(request.path());
    return switch (gate.admit(request)) {
      case Admission.Admitted(Anyone anyone) ->
          new Standing(true, probe || isOperators(request, anyone), "");
      case Admission.Admitted(Caller caller) ->
          new Standing(true, probe || isOperators(request, caller), caller.tokenId());
      case Admission.Refused _ -> new Standing(probe, probe, "");
    };
  }

  private static boolean isOperators(Request request, Caller caller) {
    String path = request.path();
    return (OPERATORS_PATHS.contains(path) || path.startsWith(TOKENS_PATH))
        && caller.mayEverywhere(Right.READ);
  }
}
