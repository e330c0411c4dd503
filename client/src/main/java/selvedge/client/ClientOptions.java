package selvedge.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;

/**
 * Options of a client. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #of}; each method with an argument returns a changed copy. Further options
 * may be added in later versions.
 */
public final class ClientOptions {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int CONCURRENT_MAX = 128;

  private final List<URI> servers;
  private Supplier<String> token = () -> "";
  private Duration deadline = DEADLINE;
  private String account = "";
  private Observer observer = Observer.NONE;
  private Duration connectTimeout = CONNECT_TIMEOUT;
  private Trust trust = Trust.usual();
  private UnaryOperator<HttpClient.Builder> configuration = UnaryOperator.identity();
  private int maxConcurrent = CONCURRENT_MAX;
  private boolean failFast;

  private ClientOptions(List<URI> servers) {
    this.servers = servers;
  }

  private ClientOptions(ClientOptions other) {
    this.servers = other.servers;
    this.token = other.token;
    this.deadline = other.deadline;
    this.account = other.account;
    this.observer = other.observer;
    this.connectTimeout = other.connectTimeout;
    this.trust = other.trust;
    this.configuration = other.configuration;
    this.maxConcurrent = other.maxConcurrent;
    this.failFast = other.failFast;
  }

  /**
   * Returns options for servers without authentication, with a deadline of 30 seconds.
   *
   * @param servers the addresses of servers of one cluster, the nearest first; the others are used
   *     while it does not answer
   * @return the options
   * @throws InvalidRequestException if there is no server, or an address is none of a web server
   */
  public static ClientOptions of(URI... servers) {
    if (servers.length == 0) {
      throw new InvalidRequestException("a client requires at least one server");
    }
    for (URI server : servers) {
      boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
      if (!web || server.getHost() == null) {
        throw new InvalidRequestException(
            "a server must be an address such as http://10.0.0.1:5820, got \"" + server + "\"");
      }
    }
    return new ClientOptions(List.of(servers));
  }

  List<URI> servers() {
    return servers;
  }

  /** Returns the token for the next attempt; empty if there is none. */
  String token() {
    return token.get();
  }

  Duration deadline() {
    return deadline;
  }

  /** Returns the id of the account; empty for that of the token. */
  String account() {
    return account;
  }

  Observer observer() {
    return observer;
  }

  /** Returns a new HTTP client, which the caller must close. */
  HttpClient newHttpClient() {
    return configuration.apply(trust.http().connectTimeout(connectTimeout)).build();
  }

  int maxConcurrent() {
    return maxConcurrent;
  }

  boolean failFast() {
    return failFast;
  }

  /**
   * Returns a copy with a token, which is sent with every request.
   *
   * @param changed a token of the servers
   * @return the changed copy
   * @throws InvalidRequestException if the token is empty or has other characters than visible
   *     ASCII
   */
  public ClientOptions token(String changed) {
    String checked = requireToken(changed);
    var copy = new ClientOptions(this);
    copy.token = () -> checked;
    return copy;
  }

  private static String requireToken(String token) {
    if (token.isEmpty()) {
      throw new InvalidRequestException(
          "the token must not be empty: leave it out for a server without authentication");
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new InvalidRequestException(
          "a token must consist of visible ASCII characters; this one has others, such as a line"
              + " break at its end");
    }
    return token;
  }

  /**
   * Returns a copy with a source of tokens, for tokens that are rotated while the client is in use.
   * A call throws an {@link InvalidRequestException} if the token is empty or has other characters
   * than visible ASCII.
   *
   * @param changed is called before every attempt of every request, by many threads; it must return
   *     quickly, and a call throws its exception
   * @return the changed copy
   */
  public ClientOptions token(Supplier<String> changed) {
    var copy = new ClientOptions(this);
    copy.token = () -> requireToken(changed.get());
    return copy;
  }

  /**
   * Returns a copy with another deadline: the longest time that an operation takes with all its
   * attempts. A stream of a large value, which outlives its request, fails when none of its bytes
   * arrive for that time.
   *
   * @param changed the longest time
   * @return the changed copy
   * @throws InvalidRequestException if the time is not positive
   */
  public ClientOptions deadline(Duration changed) {
    if (changed.isNegative() || changed.isZero()) {
      throw new InvalidRequestException("a deadline must be positive, got " + changed);
    }
    var copy = new ClientOptions(this);
    copy.deadline = changed;
    return copy;
  }

  /**
   * Returns a copy with another longest time for opening a connection; the default is 5 seconds. An
   * attempt that takes longer has sent nothing, and the next server is tried.
   *
   * @param changed the longest time
   * @return the changed copy
   * @throws InvalidRequestException if the time is not positive
   */
  public ClientOptions connectTimeout(Duration changed) {
    if (changed.isNegative() || changed.isZero()) {
      throw new InvalidRequestException("a connect timeout must be positive, got " + changed);
    }
    var copy = new ClientOptions(this);
    copy.connectTimeout = changed;
    return copy;
  }

  /**
   * Returns a copy for the namespaces of another account than that of the token.
   *
   * @param changed the account
   * @return the changed copy
   */
  public ClientOptions account(AccountId changed) {
    var copy = new ClientOptions(this);
    copy.account = changed.hex();
    return copy;
  }

  /**
   * Returns a copy with an observer of every attempt.
   *
   * @param changed is called by the threads that make the requests
   * @return the changed copy
   */
  public ClientOptions observer(Observer changed) {
    var copy = new ClientOptions(this);
    copy.observer = changed;
    return copy;
  }

  /**
   * Returns a copy that trusts other authorities than {@link Trust#usual}, or presents a
   * certificate of its own. It replaces {@link #ssl}.
   *
   * @param changed the trust of connections to https servers
   * @return the changed copy
   */
  public ClientOptions trust(Trust changed) {
    var copy = new ClientOptions(this);
    copy.trust = changed;
    return copy;
  }

  /**
   * Returns a copy whose connections to https servers use a TLS context of the program. It replaces
   * {@link #trust}. The host of a server is still compared with its certificate.
   *
   * @param changed authorities and certificate
   * @return the changed copy
   */
  public ClientOptions ssl(SSLContext changed) {
    return trust(Trust.of(changed));
  }

  /**
   * Returns a copy whose HTTP client is configured further, such as with a proxy or an executor.
   * The client creates its HTTP client itself, so that {@link Client#close} ends its connections.
   *
   * @param changed receives the builder with all other options, and returns it; it replaces an
   *     earlier one
   * @return the changed copy
   */
  public ClientOptions httpClient(UnaryOperator<HttpClient.Builder> changed) {
    var copy = new ClientOptions(this);
    copy.configuration = changed;
    return copy;
  }

  /**
   * Returns a copy with another number of requests that may be in flight at the same time, each on
   * a connection of its own; the default is 128. Further calls wait for one of them until their
   * deadline. Watches and open streams of large values do not count.
   *
   * @param requests at least 1
   * @return the changed copy
   * @throws InvalidRequestException if the number is less than 1
   */
  public ClientOptions maxConcurrent(int requests) {
    if (requests < 1) {
      throw new InvalidRequestException("maxConcurrent must be at least 1, got " + requests);
    }
    var copy = new ClientOptions(this);
    copy.maxConcurrent = requests;
    return copy;
  }

  /**
   * Returns a copy under which calls do not wait for a server that is down. Once every server has
   * refused a connection, or three requests in a row have failed otherwise, calls throw an {@link
   * UnreachableException} at once, and one probe after the other looks for a server that answers.
   *
   * @param enabled false, the default, to retry until the deadline
   * @return the changed copy
   */
  public ClientOptions failFast(boolean enabled) {
    var copy = new ClientOptions(this);
    copy.failFast = enabled;
    return copy;
  }

  /** Returns the servers; the token is never part of the text. */
  @Override
  public String toString() {
    return "ClientOptions[" + servers + "]";
  }
}
