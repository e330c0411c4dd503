package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.read;

import selvedge.server.access.Right;

/** What load balancers, container platforms and monitoring ask for. */
public enum ProbeRoute implements Route {
  LIVEZ(read("livez", "/livez").access(new Access.Anyone()).forOperators()),
  READYZ(read("readyz", "/readyz").access(new Access.Anyone()).forOperators()),
  LEADERZ(read("leaderz", "/leaderz").access(new Access.Anyone()).forOperators()),
  METRICS(read("metrics", "/metrics").everywhere(Right.READ).forOperators());

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  ProbeRoute(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.PROBES;
  }

  /** Returns whether every client may ask, under any host name and through any proxy. */
  public boolean isPublic() {
    return entry.access() instanceof Access.Anyone;
  }
}
