package selvedge.server.site;

import java.util.function.Function;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.OpenCaller;
import selvedge.server.access.Right;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.route.ProbeRoute;
import selvedge.server.api.route.Routes;

/**
 * Tells whose request it is, and whether somebody looks after the server by it.
 *
 * <p>The routes of operators are not those of applications, so that an application that has a token
 * of an operator leaves the reserve alone.
 */
record RequestOwners(Gate gate) implements Function<Request, RequestOwner> {
  @Override
  public RequestOwner apply(Request request) {
    boolean probe = Routes.of(request).route() instanceof ProbeRoute route && route.isPublic();
    return switch (gate.admit(request)) {
      case Admission.Admitted(OpenCaller anyone) ->
          new RequestOwner(true, probe || isOperators(request, anyone), "");
      case Admission.Admitted(Caller caller) ->
          new RequestOwner(true, probe || isOperators(request, caller), caller.tokenId());
      case Admission.Refused _ -> new RequestOwner(probe, probe, "");
    };
  }

  private static boolean isOperators(Request request, Caller caller) {
    return Routes.of(request).route().entry().isOperators() && caller.mayEverywhere(Right.READ);
  }
}
