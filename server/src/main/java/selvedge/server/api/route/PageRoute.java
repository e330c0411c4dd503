package selvedge.server.api.route;

import static selvedge.server.api.route.RouteEntry.read;

/** What a person gets who opens the address of the server in a browser. */
public enum PageRoute implements Route {
  WELCOME(read("welcome", "/").access(new Access.Anyone())),
  CONSOLE(read("console", "/console/{key}", "GET", "HEAD").access(new Access.Anyone()));

  /** The path of the files of the console, up to their names. */
  public static final String CONSOLE_PREFIX = "/console/";

  @SuppressWarnings("ImmutableEnumChecker") // its conditions have no state
  private final RouteEntry entry;

  PageRoute(RouteEntry entry) {
    this.entry = entry;
  }

  @Override
  public RouteEntry entry() {
    return entry;
  }

  @Override
  public ProtocolName protocol() {
    return ProtocolName.PAGES;
  }
}
