package selvedge.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;

/**
 * How a client reaches its servers.
 *
 * @param servers the nearest first; the others are for when it cannot be reached
 * @param token empty for servers that are open
 * @param deadline for one operation with all its tries, up to the beginning of the answer
 * @param account of the namespaces; empty for the one that the token is of
 * @param trust of connections to https servers
 */
public record ClientOptions(
    List<URI> servers,
    String token,
    Duration deadline,
    String account,
    Observer observer,
    Trust trust) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  public ClientOptions {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new InvalidRequestException("a client takes at least one server");
    }
    for (URI server : servers) {
      boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
      if (!web || server.getHost() == null) {
        throw new InvalidRequestException(
            "a server is an address such as http://10.0.0.1:5820, not \"" + server + "\"");
      }
    }
    if (deadline.isNegative() || deadline.isZero()) {
      throw new InvalidRequestException("a deadline lies ahead, not " + deadline);
    }
  }

  public static ClientOptions of(URI... servers) {
    return new ClientOptions(List.of(servers), "", DEADLINE, "", Observer.NONE, Trust.usual());
  }

  public ClientOptions token(String given) {
    return new ClientOptions(servers, given, deadline, account, observer, trust);
  }

  public ClientOptions deadline(Duration given) {
    return new ClientOptions(servers, token, given, account, observer, trust);
  }

  public ClientOptions account(String given) {
    return new ClientOptions(servers, token, deadline, given, observer, trust);
  }

  public ClientOptions observer(Observer given) {
    return new ClientOptions(servers, token, deadline, account, given, trust);
  }

  /** Trusts other authorities than {@link Trust#usual}, or presents a certificate. */
  public ClientOptions trust(Trust given) {
    return new ClientOptions(servers, token, deadline, account, observer, given);
  }

  /** Shows everything but the secret. */
  @Override
  public String toString() {
    return "ClientOptions[" + servers + "]";
  }
}
