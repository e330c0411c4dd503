package selvedge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.engine.Engine;
import selvedge.engine.EngineOptions;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.origin.Meter;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.server.PrivateDirectory;
import selvedge.server.ServerFile;
import selvedge.server.access.Token;
import selvedge.server.access.TokenCodec;
import selvedge.server.access.Tokens;
import selvedge.server.audit.Act;
import selvedge.server.audit.Audit;
import selvedge.server.voter.VoterDirectory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Administers tokens: at the server in {@code --server}, at the server that runs on the data
 * directory, or in the data directory itself if no server runs.
 */
final class TokenAdmin {
  /** The actor of an act on the directory of a stopped server. */
  static final String OWNER = "owner of the data directory";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "The data directory of the server; default ./data.")
  private Path data = Path.of("data");

  @Option(names = "--server", paramLabel = "URL", description = "A server on another machine.")
  private @Nullable URI server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "For --server: a file with an admin token.")
  private @Nullable Path tokenFile;

  @Option(names = "--token", paramLabel = "T", description = "For --server: an admin token.")
  private @Nullable String token;

  @Mixin private TrustOption tls = new TrustOption();

  @Mixin private EncryptionOption encryption = new EncryptionOption();

  @Option(names = "--json", description = "Print one JSON object per token.")
  boolean json;

  static String toJson(Map<String, String> token) {
    return JSON.writeValueAsString(token);
  }

  Map<String, String> create(Map<String, Object> fields) {
    Optional<ServerFile.Endpoint> endpoint = endpoint();
    if (endpoint.isPresent()) {
      return members(request(endpoint.get(), "POST", "", JSON.writeValueAsString(fields)));
    }
    return changed(
        "create token",
        String.valueOf(fields.get("name")),
        tokens -> {
          var grant =
              TokenCodec.grant(
                  String.valueOf(fields.get("account")),
                  String.valueOf(fields.get("namespace")),
                  String.valueOf(fields.getOrDefault("prefix", "")),
                  String.valueOf(fields.get("grant")));
          Expiry expiry =
              fields.get("expires_seconds") instanceof Long seconds
                  ? Expiry.after(Duration.ofSeconds(seconds), InstantSource.system().instant())
                  : Expiry.NEVER;
          return withSecret(tokens.create(String.valueOf(fields.get("name")), grant, expiry));
        });
  }

  List<Map<String, String>> list() {
    Optional<ServerFile.Endpoint> endpoint = endpoint();
    if (endpoint.isPresent()) {
      List<Map<String, String>> listed = new ArrayList<>();
      request(endpoint.get(), "GET", "", "")
          .path("tokens")
          .forEach(token -> listed.add(members(token)));
      return listed;
    }
    return inDirectory(tokens -> tokens.list().stream().map(TokenAdmin::describe).toList());
  }

  /** Returns the new token, with its secret. */
  Map<String, String> rotate(String id, Duration overlap) {
    Optional<ServerFile.Endpoint> endpoint = endpoint();
    if (endpoint.isPresent()) {
      String path = "/" + id + "/rotate?overlap=" + overlap.toSeconds();
      return members(request(endpoint.get(), "POST", path, ""));
    }
    return changed("rotate token", id, tokens -> tokens.rotate(id, overlap))
        .map(TokenAdmin::withSecret)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "no token with the id " + id + "; selvedge token list shows the ids"));
  }

  private static Map<String, String> withSecret(Tokens.Created created) {
    Map<String, String> members = describe(created.token());
    members.put("secret", created.secret());
    return members;
  }

  void revoke(String id) {
    Optional<ServerFile.Endpoint> endpoint = endpoint();
    boolean revoked =
        endpoint.isPresent()
            ? request(endpoint.get(), "DELETE", "/" + id, "").has("revoked")
            : changed("revoke token", id, tokens -> tokens.revoke(id));
    if (!revoked) {
      throw new InvalidRequestException(
          "no token with the id " + id + "; selvedge token list shows the ids");
    }
  }

  private static Map<String, String> describe(Token token) {
    return members(JSON.readTree(TokenCodec.describe(token).toArray()));
  }

  private static Map<String, String> members(JsonNode node) {
    Map<String, String> members = new LinkedHashMap<>();
    node.properties().forEach(field -> members.put(field.getKey(), field.getValue().asString()));
    return members;
  }

  /** Returns the server to use; empty if none runs. The file of a killed server is ignored. */
  private Optional<ServerFile.Endpoint> endpoint() {
    if (server != null) {
      String secret = tokenFile == null ? token : TokenOption.read(tokenFile);
      if (secret == null) {
        throw new InvalidRequestException("--server requires --token-file or --token");
      }
      return Optional.of(new ServerFile.Endpoint(server, secret, Bytes.EMPTY));
    }
    return new ServerFile(data).read().filter(this::isAlive);
  }

  private boolean isAlive(ServerFile.Endpoint endpoint) {
    try (HttpClient client = endpoint.trust(tls.trust()).http().build()) {
      client.send(
          HttpRequest.newBuilder(endpoint.uri().resolve("/livez")).timeout(TIMEOUT).build(),
          HttpResponse.BodyHandlers.discarding());
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the server at " + endpoint.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private JsonNode request(ServerFile.Endpoint endpoint, String method, String path, String body) {
    return new Remote(endpoint.uri(), endpoint.secret(), endpoint.trust(tls.trust()))
        .request(method, "/v1/tokens" + path, body);
  }

  private static void failed(String thread, Throwable failure) {
    LoggerFactory.getLogger(TokenAdmin.class).error("{} stopped", thread, failure);
  }

  private interface Work<T> {
    T run(Tokens tokens);
  }

  private <T> T inDirectory(Work<T> work) {
    return inDirectory(work, (_, _) -> {});
  }

  /** Changes the tokens of a stopped server and records the act. */
  private <T> T changed(String operation, String target, Work<T> work) {
    return inDirectory(
        work,
        (audit, result) -> {
          boolean isMissing = result.equals(false) || result.equals(Optional.empty());
          audit.add(
              new Act(
                  InstantSource.system().instant(),
                  OWNER,
                  "",
                  operation,
                  target,
                  naming(result),
                  isMissing ? 404 : 200,
                  0,
                  ""));
        });
  }

  private static <T> Map<String, String> naming(T result) {
    Map<String, String> naming = new LinkedHashMap<>();
    if (result instanceof Map<?, ?> token) {
      for (String member : List.of("id", "name", "grant", "account")) {
        naming.put(member, String.valueOf(token.get(member)));
      }
    }
    return naming;
  }

  private <T> T inDirectory(Work<T> work, BiConsumer<Audit, T> record) {
    Limits limits = Limits.of(Profile.OPEN);
    InstantSource clock = InstantSource.system();
    var random = new SecureRandom();
    Optional<String> edge = new EdgeFile(data).read();
    if (edge.isPresent()) {
      throw new InvalidRequestException(
          data
              + " is the data of an edge, which has the tokens of its origin: use --server "
              + edge.get());
    }
    VoterDirectory.requireNone(data);
    Umask.restrict();
    PrivateDirectory.close(data);
    var options =
        new EngineOptions(
            data, limits, clock, System::nanoTime, random, encryption.keys(), TokenAdmin::failed);
    try (var engine = Engine.origin(options, Meter.NONE)) {
      T result = work.run(new Tokens(engine.role().system(), limits, clock, random));
      record.accept(new Audit(engine.role().system(), limits), result);
      return result;
    }
  }
}
