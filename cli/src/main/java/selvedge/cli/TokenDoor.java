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
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.tls.TrustOption;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where tokens are administered: at a server that is named, at the server that has the data
 * directory, or, when none has it, in the directory itself.
 */
final class TokenDoor {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "The server's data directory; default ./data.")
  private Path data = Path.of("data");

  @Option(names = "--server", paramLabel = "URL", description = "A server elsewhere.")
  private @Nullable URI server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "For --server: a file with an admin token.")
  private @Nullable Path tokenFile;

  @Option(names = "--token", paramLabel = "T", description = "For --server: an admin token.")
  private @Nullable String token;

  @Mixin private TrustOption tls = new TrustOption();

  @Option(names = "--json", description = "One JSON object a token.")
  boolean json;

  static String toJson(Map<String, String> token) {
    return JSON.writeValueAsString(token);
  }

  Map<String, String> create(Map<String, Object> wish) {
    Optional<ServerFile.Door> door = door();
    if (door.isPresent()) {
      return members(ask(door.get(), "POST", "", JSON.writeValueAsString(wish)));
    }
    return inDirectory(
        tokens -> {
          var grant =
              TokenCodec.grant(
                  String.valueOf(wish.get("account")),
                  String.valueOf(wish.get("namespace")),
                  String.valueOf(wish.getOrDefault("prefix", "")),
                  String.valueOf(wish.get("grant")));
          Expiry expiry =
              wish.get("expires_seconds") instanceof Long seconds
                  ? Expiry.after(Duration.ofSeconds(seconds), InstantSource.system().instant())
                  : Expiry.NEVER;
          return shown(tokens.create(String.valueOf(wish.get("name")), grant, expiry));
        });
  }

  List<Map<String, String>> list() {
    Optional<ServerFile.Door> door = door();
    if (door.isPresent()) {
      List<Map<String, String>> listed = new ArrayList<>();
      ask(door.get(), "GET", "", "").path("tokens").forEach(each -> listed.add(members(each)));
      return listed;
    }
    return inDirectory(tokens -> tokens.list().stream().map(TokenDoor::describe).toList());
  }

  /** Returns the new token, with its secret. */
  Map<String, String> rotate(String id, Duration overlap) {
    Optional<ServerFile.Door> door = door();
    if (door.isPresent()) {
      String path = "/" + id + "/rotate?overlap=" + overlap.toSeconds();
      return members(ask(door.get(), "POST", path, ""));
    }
    return inDirectory(tokens -> tokens.rotate(id, overlap))
        .map(TokenDoor::shown)
        .orElseThrow(() -> new InvalidRequestException("there is no token " + id));
  }

  private static Map<String, String> shown(Tokens.Created created) {
    Map<String, String> shown = describe(created.token());
    shown.put("secret", created.secret());
    return shown;
  }

  void revoke(String id) {
    Optional<ServerFile.Door> door = door();
    boolean revoked =
        door.isPresent()
            ? ask(door.get(), "DELETE", "/" + id, "").has("revoked")
            : inDirectory(tokens -> tokens.revoke(id));
    if (!revoked) {
      throw new InvalidRequestException("there is no token " + id);
    }
  }

  private static Map<String, String> describe(Token token) {
    return members(JSON.readTree(TokenCodec.describe(token).toArray()));
  }

  private static Map<String, String> members(JsonNode node) {
    Map<String, String> members = new LinkedHashMap<>();
    node.properties().forEach(each -> members.put(each.getKey(), each.getValue().asString()));
    return members;
  }

  /** A file that a killed server left behind leads to nobody, and is passed over. */
  private Optional<ServerFile.Door> door() {
    if (server != null) {
      String shown = tokenFile == null ? token : TokenOption.read(tokenFile);
      if (shown == null) {
        throw new InvalidRequestException("--server takes --token-file or --token as well");
      }
      return Optional.of(new ServerFile.Door(server, shown, Bytes.EMPTY));
    }
    return new ServerFile(data).read().filter(this::isAlive);
  }

  private boolean isAlive(ServerFile.Door door) {
    try (HttpClient client = door.trust(tls.trust()).http().build()) {
      client.send(
          HttpRequest.newBuilder(door.uri().resolve("/livez")).timeout(TIMEOUT).build(),
          HttpResponse.BodyHandlers.discarding());
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the server at " + door.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private JsonNode ask(ServerFile.Door door, String method, String path, String body) {
    return new Remote(door.uri(), door.secret(), door.trust(tls.trust()))
        .ask(method, "/v1/tokens" + path, body);
  }

  private static void failed(String thread, Throwable failure) {
    LoggerFactory.getLogger(TokenDoor.class).error("{} stopped", thread, failure);
  }

  private interface Work<T> {
    T with(Tokens tokens);
  }

  private <T> T inDirectory(Work<T> work) {
    Limits limits = Limits.of(Profile.OPEN);
    InstantSource clock = InstantSource.system();
    var random = new SecureRandom();
    Optional<String> edge = new EdgeFile(data).read();
    if (edge.isPresent()) {
      throw new InvalidRequestException(
          data + " belongs to an edge, whose tokens are those of its origin " + edge.get());
    }
    OwnerOnly.apply();
    PrivateDirectory.close(data);
    var options =
        new EngineOptions(data, limits, clock, System::nanoTime, random, TokenDoor::failed);
    try (var engine = Engine.origin(options, Meter.NONE)) {
      return work.with(new Tokens(engine.role().system(), limits, clock, random));
    }
  }
}
