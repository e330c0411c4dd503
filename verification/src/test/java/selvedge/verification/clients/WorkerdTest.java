package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Workers on stock workerd with a Selvedge server: see {@code clients/worker}. */
final class WorkerdTest {
  private static final String ROOT = "root-token-of-the-tests-of-clients";
  private static final Path SOURCES = Path.of("clients", "worker").toAbsolutePath();
  private static final JsonMapper JSON = JsonMapper.shared();

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;
  @TempDir Path folder;

  private final List<String> services = new ArrayList<>();
  private final List<String> bindings = new ArrayList<>();

  private void bind(String name, ServerProcess server, String namespace, String token) {
    services.add(
        """
            (name = "kv-%s", external = (address = "%s:%d", http = (injectRequestHeaders = [
              (name = "CF-KV-Namespace-Id", value = "%s"),
              (name = "Authorization", value = "Bearer %s")]))),
        """
            .formatted(
                name,
                server.address().getHostString(),
                server.address().getPort(),
                namespace,
                token));
    bindings.add("(name = \"%s\", kvNamespace = \"kv-%s\")".formatted(name, name));
  }

  private void bindByPath(String name, ServerProcess server, String namespace) {
    services.add(
        """
            (name = "kv-%s", worker = (
              modules = [(name = "path.js", esModule = embed "path.js")],
              compatibilityDate = "2026-01-01",
              bindings = [(name = "SERVER", service = "server"), (name = "NAMESPACE", text = "%s")])),
            (name = "server", external = (address = "%s:%d", http = (injectRequestHeaders = [
              (name = "Authorization", value = "Bearer %s")]))),
        """
            .formatted(
                name,
                namespace,
                server.address().getHostString(),
                server.address().getPort(),
                ROOT));
    bindings.add("(name = \"%s\", kvNamespace = \"kv-%s\")".formatted(name, name));
  }

  private WorkerProcess start(NpmProject project, String source) throws IOException {
    for (String file : List.of("binding.js", "scenarios.js", "script.js", "path.js")) {
      Files.copy(SOURCES.resolve(file), folder.resolve(file));
    }
    Path configuration = folder.resolve("config.capnp");
    Files.writeString(
        configuration,
        """
        using WorkerProcess = import "/workerd/workerd.capnp";
        const config :WorkerProcess.Config = (
          services = [
            (name = "worker", worker = .worker),
        %s  ],
          sockets = [(name = "http", address = "*:0", http = (), service = "worker")],
        );
        const worker :WorkerProcess.Worker = (
          %s,
          compatibilityDate = "2026-01-01",
          compatibilityFlags = ["nodejs_compat"],
          bindings = [%s],
        );
        """
            .formatted(String.join("", services), source, String.join(", ", bindings)));
    return WorkerProcess.workerd(project, configuration, Map.of());
  }

  private ServerProcess guarded() {
    return servers.start(Launch.on(data).with("--root-token", ROOT));
  }

  private static RestClient root(ServerProcess server) {
    return new RestClient(server.uri(), java.net.http.HttpClient.Version.HTTP_1_1, ROOT);
  }

  @TestFactory
  List<DynamicTest> aWorkerSeesItsKvAsOnTheService() throws IOException {
    return scenarios(NpmProject.newest());
  }

  @TestFactory
  List<DynamicTest> aWorkerOnAnOlderWorkerdDoes() throws IOException {
    return scenarios(NpmProject.stock());
  }

  private List<DynamicTest> scenarios(NpmProject project) throws IOException {
    ServerProcess server = guarded();
    try (RestClient client = root(server)) {
      String title = "a title with é";
      String namespace = client.createNamespace(title);
      String wish =
          "{\"name\":\"reader\",\"grant\":\"read\",\"account\":\"" + Launch.ACCOUNT + "\"}";
      String reader =
          client
              .send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
              .ok()
              .json()
              .path("secret")
              .asString();
      bind("KV", server, namespace, ROOT);
      bind("BY_TITLE", server, title, ROOT);
      bindByPath("BY_PATH", server, namespace);
      bind("ODD", server, client.createNamespace("odd"), ROOT);
      bind("UNKNOWN", server, "no such namespace", ROOT);
      bind("STRANGER", server, namespace, "made-up");
      bind("READER", server, namespace, reader);
    }
    List<DynamicTest> tests = new ArrayList<>();
    String modules =
        "modules = [(name = \"binding.js\", esModule = embed \"binding.js\"),"
            + " (name = \"scenarios.js\", esModule = embed \"scenarios.js\")]";
    try (WorkerProcess worker = start(project, modules)) {
      for (JsonNode name : JSON.readTree(worker.get("/"))) {
        String failure =
            JSON.readTree(worker.get("/" + name.asString())).path("failure").asString("");
        tests.add(
            DynamicTest.dynamicTest(
                name.asString(), () -> assertThat(failure).as(server.log()).isEmpty()));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  @Test
  void aWorkerInTheOlderSyntaxSurvivesARestartOfTheServer() throws IOException {
    ServerProcess first = guarded();
    try (RestClient client = root(first)) {
      bind("KV", first, client.createNamespace("script"), ROOT);
    }
    try (WorkerProcess worker =
        start(NpmProject.newest(), "serviceWorkerScript = embed \"script.js\"")) {
      assertThat(worker.put("/key", "value")).isEqualTo("stored");
      assertThat(worker.get("/key")).isEqualTo("value");

      first.kill();
      assertThat(worker.get("/key")).isEqualTo("Network connection lost.");

      servers.start(Launch.on(data).with("--root-token", ROOT).listen(first.address().getPort()));
      assertThat(worker.get("/key")).isEqualTo("value");
      assertThat(worker.put("/key", "another")).isEqualTo("stored");
      assertThat(worker.get("/key")).isEqualTo("another");
    }
  }
}
