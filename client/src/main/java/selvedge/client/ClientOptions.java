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
    Trust trust,
    int maxConcurrent,
    boolean failFast) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int CONCURRENT_MAX = 128;

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
    if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InvalidRequestException(
          "a token must consist of visible ASCII characters; this one has others, such as a line"
              + " break at its end");
    }
    if (maxConcurrent < 1) {
      throw new InvalidRequestException("maxConcurrent must be at least 1, got " + maxConcurrent);
    }
  }

  public static ClientOptions of(URI... servers) {
    return new ClientOptions(
        List.of(servers), "", DEADLINE, "", Observer.NONE, Trust.usual(), CONCURRENT_MAX, false);
  }

  public ClientOptions token(String given) {
    return new ClientOptions(
        servers, given, deadline, account, observer, trust, maxConcurrent, failFast);
  }

  public ClientOptions deadline(Duration given) {
    return new ClientOptions(
        servers, token, given, account, observer, trust, maxConcurrent, failFast);
  }

  public ClientOptions account(String given) {
    return new ClientOptions(
        servers, token, deadline, given, observer, trust, maxConcurrent, failFast);
  }

  public ClientOptions observer(Observer given) {
    return new ClientOptions(
        servers, token, deadline, account, given, trust, maxConcurrent, failFast);
  }

  /** Trusts other authorities than {@link Trust#usual}, or presents a certificate. */
  public ClientOptions trust(Trust given) {
    return new ClientOptions(
        servers, token, deadline, account, observer, given, maxConcurrent, failFast);
  }

  /**
   * Returns options under which at most so many requests are sent at the same time, each on a
   * connection of its own; further calls wait for one of them until their deadline. Watches and
   * open streams of large values come on top.
   */
  public ClientOptions maxConcurrent(int requests) {
    return new ClientOptions(
        servers, token, deadline, account, observer, trust, requests, failFast);
  }

  /**
   * Returns options under which calls do not wait for a server that is down. Once every server has
   * refused a connection, or three requests in a row have failed otherwise, calls throw an {@link
   * UnreachableException} at once, and one probe after the other looks for a server that answers.
   */
  public ClientOptions failFast(boolean enabled) {
    return new ClientOptions(
        servers, token, deadline, account, observer, trust, maxConcurrent, enabled);
  }

  /** Shows everything but the secret. */
  @Override
  public String toString() {
    return "ClientOptions[" + servers + "]";
  }
}
