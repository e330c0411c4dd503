package selvedge.server.audit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import selvedge.server.access.Admission;
import selvedge.server.access.Right;
import selvedge.server.access.TokenGate;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * Finds the network address from which a client sent an act, also behind servers that forwarded it.
 *
 * <p>A server that forwards an act names the client, and sends its own token as the proof that it
 * may. The name counts only if that token has the grant {@code replicate}, and the certificate of
 * the connection is that of a peer where peers are configured. Safe for use by many threads.
 */
public final class ClientAddress {
  private static final Pattern FORM = Pattern.compile("[0-9A-Za-z.:%\\[\\]-]{1,100}");

  private final TokenGate gate;
  private final Set<String> peers;

  /**
   * @param peers the names in certificates of the servers that may follow this one; empty if the
   *     token is enough
   */
  public ClientAddress(TokenGate gate, Set<String> peers) {
    this.gate = gate;
    this.peers = Set.copyOf(peers);
  }

  /** Returns the address; empty if it is not known. */
  public String of(Request request) {
    return request
        .header(HeaderNames.SELVEDGE_CLIENT)
        .filter(address -> FORM.matcher(address).matches())
        .filter(_ -> isForwarded(request))
        .orElseGet(request::clientAddress);
  }

  private boolean isForwarded(Request request) {
    Optional<String> token = request.header(HeaderNames.SELVEDGE_FORWARDER);
    return token.isPresent()
        && !gate.isOpen()
        && gate.admit(token.get()) instanceof Admission.Admitted(var server)
        && server.mayEverywhere(Right.REPLICATE)
        && (peers.isEmpty() || request.peerNames().stream().anyMatch(peers::contains));
  }

  /**
   * Returns the headers with which a server names the client of a request that it forwards.
   *
   * @param token of this server
   */
  public static List<Response.Header> headers(String address, String token) {
    return address.isEmpty() || token.isEmpty()
        ? List.of()
        : List.of(
            new Response.Header(HeaderNames.SELVEDGE_CLIENT, address),
            new Response.Header(HeaderNames.SELVEDGE_FORWARDER, token));
  }
}
