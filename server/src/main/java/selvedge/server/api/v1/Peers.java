package selvedge.server.api.v1;

import java.util.Set;
import selvedge.server.api.Request;

/**
 * The servers that may follow this one.
 *
 * @param names in their certificates; empty if every caller with the right token may follow
 */
public record Peers(Set<String> names) {
  public Peers {
    names = Set.copyOf(names);
  }

  void require(Request request) {
    if (!names.isEmpty() && request.peerNames().stream().noneMatch(names::contains)) {
      throw V1Failure.forbidden(
          request.peerNames().isEmpty()
              ? "to follow this server takes a certificate of its peer-ca beside the token:"
                  + " give --peer-cert and --peer-key"
              : "the certificate is for "
                  + request.peerNames()
                  + ", and none of these names is among the peers of this server");
    }
  }
}
