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
 * Finds the owner of a request, and whether it is an operator's.
 *
 * <p>Only routes of operators count, so an application with an operator's token does not use the
 * reserve.
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
