package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The token commands for a running and for a stopped server. */
final class TokenCommandTest {
  private static final String NAMESPACES =
      "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/kv/namespaces";
  private static final String TITLE = "{\"title\":\"made by a token\"}";
  private static final String OTHER_ACCOUNT = "f".repeat(32);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private ProcessResult token(String... arguments) {
    List<String> all = new ArrayList<>(List.of("token"));
    all.addAll(List.of(arguments));
    if (arguments.length > 0 && !all.contains("--server")) {
      all.addAll(List.of("--data", folder.resolve("data").toString()));
    }
    return Command.run(all.toArray(String[]::new));
  }

  private JsonNode create(String... arguments) {
    List<String> all = new ArrayList<>(List.of("create", "--json"));
    all.addAll(List.of(arguments));
    return JsonMapper.shared().readTree(token(all.toArray(String[]::new)).ok().text());
  }

  private Launch launch() {
    return Launch.on(folder.resolve("data"));
  }

  private static int list(ServerProcess server, String secret) {
    return send(server, secret, "GET", NAMESPACES, "");
  }

  private static int send(
      ServerProcess server, String secret, String method, String path, String body) {
    try (var client = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, secret)) {
      return client.send(method, path, BodyPublishers.ofString(body)).status();
    }
  }

  @Test
  void theFirstTokenClosesARunningOpenServer() throws Exception {
    ServerProcess server = servers.start(launch());
    assertThat(list(server, "")).isEqualTo(200);
    assertThat(token("list").ok().text()).contains("no tokens");
    server.awaitLog("do not use it behind a reverse proxy");

    JsonNode token = create("--name", "first");

    assertThat(list(server, "")).isEqualTo(400);
    assertThat(list(server, "guessed")).isEqualTo(401);
    assertThat(list(server, token.path("secret").asString())).isEqualTo(200);
    assertThat(token("list").ok().text())
        .contains(token.path("id").asString(), "first", "admin", "all")
        .doesNotContain(token.path("secret").asString());

    token("revoke", token.path("id").asString()).ok();
    assertThat(list(server, token.path("secret").asString())).isEqualTo(401);
    assertThat(list(server, "")).isEqualTo(400);
    assertThat(token("list").ok().text()).contains("no tokens");
    server.terminate();

    ServerProcess again = servers.start(launch());
    Polling.await("the greeting", () -> again.log().contains("all tokens have been revoked"));
    assertThat(list(again, "")).isEqualTo(400);
    again.terminate();

    ServerProcess open = servers.start(launch().with("--open"));
    open.awaitLog("--open: all clients that can connect");
    assertThat(list(open, "")).isEqualTo(200);
  }

  @Test
  void aTokenOfAStoppedServerIsValidAfterItsStart() {
    JsonNode reader =
        create("--grant", "read", "--account", Launch.ACCOUNT, "--expires", "90d", "--name", "r");
    JsonNode stranger = create("--account", OTHER_ACCOUNT);
    JsonNode revoked = create();
    token("revoke", revoked.path("id").asString()).ok();

    ServerProcess server = servers.start(launch());

    String secret = reader.path("secret").asString();
    assertThat(list(server, secret)).isEqualTo(200);
    assertThat(send(server, secret, "POST", NAMESPACES, TITLE)).isEqualTo(403);
    assertThat(list(server, stranger.path("secret").asString())).isEqualTo(403);
    assertThat(list(server, revoked.path("secret").asString())).isEqualTo(401);
    assertThat(token("list").ok().text())
        .contains(reader.path("id").asString(), "until 20", stranger.path("id").asString())
        .doesNotContain(revoked.path("id").asString());
  }

  @Test
  void administersAServerByAddressWithAnAdminToken() {
    ServerProcess server = servers.start(launch());
    String admin = create().path("secret").asString();
    String reader = create("--grant", "read").path("secret").asString();
    String uri = server.uri().toString();

    assertThat(token("list", "--server", uri, "--token", admin).ok().text()).contains("read");

    ProcessResult refused = token("create", "--server", uri, "--token", reader);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("the server at " + uri + " answered: ");
    assertThat(token("list", "--server", uri).errors())
        .contains("--server requires --token-file or --token");
    assertThat(token("list", "--server", "http://127.0.0.1:1", "--token", admin).errors())
        .contains("cannot reach the server at http://127.0.0.1:1");
  }

  @Test
  void consolePrintsALinkWhoseCodeSignsABrowserIn() {
    ServerProcess server = servers.start(launch());
    ProcessResult ofOwner = console("--data", folder.resolve("data").toString());
    String admin = create().path("secret").asString();
    String uri = server.uri().toString();
    ProcessResult ofToken = console(uri, "--token", admin);

    for (ProcessResult result : List.of(ofOwner, ofToken)) {
      String link = result.ok().text().strip();
      assertThat(link).matches(uri + "/#/\\?code=[A-Za-z0-9_-]{43}");
      assertThat(result.errors()).contains("works once, within 60 seconds");
      String body = "{\"code\":\"" + link.substring(link.indexOf('=') + 1) + "\"}";
      assertThat(send(server, "", "POST", "/v1/session", body)).isEqualTo(200);
      assertThat(send(server, "", "POST", "/v1/session", body)).isEqualTo(401);
      assertThat(server.log()).doesNotContain(link.substring(link.indexOf('=') + 1));
    }
    assertThat(console(uri).errors()).contains("the server at " + uri + " answered: ");
  }

  private ProcessResult console(String... arguments) {
    List<String> all = new ArrayList<>(List.of("console"));
    all.addAll(List.of(arguments));
    return Command.run(all.toArray(String[]::new));
  }

  @Test
  void usesTheDataDirectoryAfterTheServerWasKilled() {
    ServerProcess server = servers.start(launch());
    server.kill();

    String secret = create().path("secret").asString();

    ServerProcess next = servers.start(launch());
    assertThat(list(next, "")).isEqualTo(400);
    assertThat(list(next, secret)).isEqualTo(200);
  }

  @Test
  void readsATokenFromAFileAndEscapesNames() throws IOException {
    ServerProcess server = servers.start(launch());
    String admin = create("--name", "\u001b[2J\u202egnissim").path("secret").asString();
    Path file = Files.writeString(folder.resolve("admin"), admin + "\n");
    String uri = server.uri().toString();

    String listed = token("list", "--server", uri, "--token-file", file.toString()).ok().text();

    assertThat(listed).contains("\\u{1b}[2J\\u{202e}gnissim").doesNotContain("\u001b");
    ProcessResult status = Command.run("status", uri, "--token-file", file.toString());
    assertThat(status.ok().text()).contains("origin");
    assertThat(token("list", "--server", uri, "--token-file", "missing").errors())
        .contains("cannot read the token in missing");
  }

  @Test
  void errorsNameTheInvalidOption() {
    assertThat(token("create", "--expires", "soon").errors())
        .contains(
            "--expires must be a positive number with the unit d, h, m or s, such as 90d, got"
                + " \"soon\"");
    assertThat(token("create", "--namespace", "a".repeat(32)).errors())
        .contains("--namespace requires --account with the id of its account");
    assertThat(token("create", "--grant", "everything").errors())
        .contains("everything", "read, write, replicate or admin");
    assertThat(token("revoke", "0123456789abcdef").errors())
        .contains("no token with the id 0123456789abcdef");
    assertThat(token().errors()).contains("missing command: one of create, list, rotate or revoke");
    assertThat(token("create", "--help").ok().text()).contains("--grant", "--expires");
  }
}
