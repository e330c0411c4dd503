package selvedge.server.api;

/**
 * Whose request it is, as far as shared bounds are concerned.
 *
 * @param admitted whether the server looks at the request any further
 * @param operator whether an operator, or a tool of theirs, looks after the server by it
 * @param tokenId names the token that the request shows; empty when it shows none
 */
public record RequestOwner(boolean admitted, boolean operator, String tokenId) {

  /** Anyone, where no token is needed. */
  public static final RequestOwner OPEN = new RequestOwner(true, false, "");
}
