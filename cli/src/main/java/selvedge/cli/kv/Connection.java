package selvedge.cli.kv;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;

/**
 * Which server a command speaks to: the options, then the environment, then the saved context, then
 * the server on this machine.
 */
final class Connection {
  private static final URI HERE = URI.create("http://127.0.0.1:5820");

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The server; default $SELVEDGE_SERVER, the context in use, or http://127.0.0.1:5820.")
  private @Nullable URI server;

  @Option(names = "--context", paramLabel = "NAME", description = "A saved context.")
  private @Nullable String context;

  @Mixin private TokenOption token = new TokenOption();
  @Mixin private TrustOption trust = new TrustOption();

  private @Nullable Endpoint endpoint;

  /**
   * A server with what it takes to speak to it.
   *
   * @param token empty for an open server
   */
  record Endpoint(URI uri, String token, Trust trust) {}

  /** Returns the server. A token of a context is sent to the server of that context only. */
  Endpoint endpoint() {
    if (endpoint == null) {
      endpoint = find();
    }
    return endpoint;
  }

  private Endpoint find() {
    URI named = named();
    if (named != null && context != null) {
      throw new InvalidRequestException("give either --server or --context");
    }
    if (named != null) {
      return new Endpoint(requireWeb(named), token.value(), trust.trust());
    }
    Contexts contexts = Contexts.ofUser();
    Optional<String> chosen = context == null ? contexts.current() : Optional.of(context);
    return chosen
        .map(contexts::require)
        .map(this::endpoint)
        .orElseGet(() -> new Endpoint(HERE, token.value(), trust.trust()));
  }

  private @Nullable URI named() {
    String variable = System.getenv("SELVEDGE_SERVER");
    if (server != null || context != null || variable == null || variable.isEmpty()) {
      return server;
    }
    return URI.create(variable);
  }

  private Endpoint endpoint(Contexts.Context saved) {
    String own = token.value();
    String secret = saved.tokenFile().isEmpty() ? saved.token() : read(saved.tokenFile());
    boolean ownTrust = !trust.file().isEmpty() || saved.authorities().isEmpty();
    return new Endpoint(
        saved.server(),
        own.isEmpty() ? secret : own,
        ownTrust ? trust.trust() : Trust.of(Path.of(saved.authorities())));
  }

  private static String read(String file) {
    return TokenOption.read(Path.of(file));
  }

  /** Returns the server of a saved context. */
  static Endpoint saved(String name) {
    return new Connection().endpoint(Contexts.ofUser().require(name));
  }

  /** Returns a client of the server, which the caller must close. */
  Client client() {
    return client(endpoint());
  }

  static Client client(Endpoint server) {
    ClientOptions options = ClientOptions.of(server.uri()).trust(server.trust());
    return Client.of(server.token().isEmpty() ? options : options.token(server.token()));
  }

  Rest rest() {
    return new Rest(endpoint());
  }

  static URI requireWeb(URI server) {
    boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
    if (!web || server.getHost() == null) {
      throw new InvalidRequestException(
          "a server must be an address such as http://10.0.0.1:5820, got \"" + server + "\"");
    }
    return server;
  }
}
