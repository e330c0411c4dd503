package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Workers on stock workerd with a Selvedge server, guarded and in open mode: see {@code
 * clients/worker}.
 */
final class WorkerdTest {
  /** The token of a request that brings none, in open mode. */
  private static final String NONE = "";

  /** Scenarios of tokens, which an open server does not have. */
  private static final Set<String> OF_TOKENS =
      Set.of("aWrongTokenIsAnErrorAndNotAMissingKey", "aTokenThatMayOnlyReadReads");

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
              (name = "CF-KV-Namespace-Id", value = "%s"),%s]))),
        """
            .formatted(
                name,
                server.address().getHostString(),
                server.address().getPort(),
                namespace,
                authorization(token)));
    bindings.add("(name = \"%s\", kvNamespace = \"kv-%s\")".formatted(name, name));
  }

  private static String authorization(String token) {
    return token.equals(NONE)
        ? ""
        : " (name = \"Authorization\", value = \"Bearer %s\")".formatted(token);
  }

  private void bindByPath(String name, ServerProcess server, String namespace, String token) {
    services.add(
        """
            (name = "kv-%s", worker = (
              modules = [(name = "path.js", esModule = embed "path.js")],
              compatibilityDate = "2026-01-01",
              bindings = [(name = "SERVER", service = "server"), (name = "NAMESPACE", text = "%s")])),
            (name = "server", external = (address = "%s:%d", http = (injectRequestHeaders = [%s]))),
        """
            .formatted(
                name,
                namespace,
                server.address().getHostString(),
                server.address().getPort(),
                authorization(token)));
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

  private Launch launch(String token) {
    Launch launch = Launch.on(data);
    return token.equals(NONE) ? launch : launch.with("--root-token", token);
  }

  private static RestClient client(ServerProcess server, String token) {
    return token.equals(NONE)
        ? server.client()
        : new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, token);
  }

  @TestFactory
  List<DynamicTest> aWorkerSeesItsKvAsOnTheService() throws IOException {
    return scenarios(NpmProject.newest(), ROOT);
  }

  @TestFactory
  List<DynamicTest> aWorkerOnAnOlderWorkerdDoes() throws IOException {
    return scenarios(NpmProject.stock(), ROOT);
  }

  @TestFactory
  List<DynamicTest> aWorkerOfAnOpenServerDoes() throws IOException {
    return scenarios(NpmProject.newest(), NONE);
  }

  @TestFactory
  List<DynamicTest> aWorkerOfAnOpenServerOnAnOlderWorkerdDoes() throws IOException {
    return scenarios(NpmProject.stock(), NONE);
  }

  private List<DynamicTest> scenarios(NpmProject project, String token) throws IOException {
    ServerProcess server = servers.start(launch(token));
    try (RestClient client = client(server, token)) {
      String title = "a title with é";
      String namespace = client.createNamespace(title);
      bind("KV", server, namespace, token);
      bind("BY_TITLE", server, title, token);
      bindByPath("BY_PATH", server, namespace, token);
      bind("ODD", server, client.createNamespace("odd"), token);
      bind("UNKNOWN", server, "no such namespace", token);
      if (!token.equals(NONE)) {
        bind("STRANGER", server, namespace, "made-up");
        bind("READER", server, namespace, readToken(client));
      }
    }
    List<DynamicTest> tests = new ArrayList<>();
    String modules =
        "modules = [(name = \"binding.js\", esModule = embed \"binding.js\"),"
            + " (name = \"scenarios.js\", esModule = embed \"scenarios.js\")]";
    try (WorkerProcess worker = start(project, modules)) {
      List<String> names = new ArrayList<>();
      JSON.readTree(worker.get("/")).forEach(each -> names.add(each.asString()));
      assertThat(names).containsAll(OF_TOKENS);
      if (token.equals(NONE)) {
        names.removeAll(OF_TOKENS);
      }
      for (String name : names) {
        String failure = JSON.readTree(worker.get("/" + name)).path("failure").asString("");
        tests.add(
            DynamicTest.dynamicTest(name, () -> assertThat(failure).as(server.log()).isEmpty()));
      }
    }
    return tests;
  }

  private static String readToken(RestClient client) {
    String wish = "{\"name\":\"reader\",\"grant\":\"read\",\"account\":\"" + Launch.ACCOUNT + "\"}";
    return client
        .send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
        .ok()
        .json()
        .path("secret")
        .asString();
  }

  @ParameterizedTest
  @ValueSource(strings = {ROOT, NONE})
  void aWorkerInTheOlderSyntaxSurvivesARestartOfTheServer(String token) throws IOException {
    ServerProcess first = servers.start(launch(token));
    try (RestClient client = client(first, token)) {
      bind("KV", first, client.createNamespace("script"), token);
    }
    try (WorkerProcess worker =
        start(NpmProject.newest(), "serviceWorkerScript = embed \"script.js\"")) {
      assertThat(worker.put("/key", "value")).isEqualTo("stored");
      assertThat(worker.get("/key")).isEqualTo("value");

      first.kill();
      assertThat(worker.get("/key")).isEqualTo("Network connection lost.");

      servers.start(launch(token).listen(first.address().getPort()));
      assertThat(worker.get("/key")).isEqualTo("value");
      assertThat(worker.put("/key", "another")).isEqualTo("stored");
      assertThat(worker.get("/key")).isEqualTo("another");
    }
  }
}
