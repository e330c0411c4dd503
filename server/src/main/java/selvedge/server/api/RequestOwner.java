package selvedge.server.api;

/**
 * The sender of a request, as far as shared limits are concerned.
 *
 * @param admitted whether the server processes the request at all
 * @param operator whether an operator, or a tool of one, looks after the server by it
 * @param tokenId names the token of the request; empty if it has none
 */
public record RequestOwner(boolean admitted, boolean operator, String tokenId) {

  /** Any sender, where no token is required. */
  public static final RequestOwner OPEN = new RequestOwner(true, false, "");
}
