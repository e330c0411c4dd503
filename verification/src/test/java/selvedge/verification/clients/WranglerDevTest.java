package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** {@code wrangler dev} with the plugin of {@code workers/}, on a guarded and on an open server. */
final class WranglerDevTest {
  private static final String ROOT = "root-token-of-the-tests-of-clients";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Path PACKAGE = Path.of("..", "workers").toAbsolutePath().normalize();

  @RegisterExtension static final SharedServer GUARDED = new SharedServer("--root-token", ROOT);
  @RegisterExtension static final SharedServer OPEN = new SharedServer();
  @TempDir Path folder;

  private String namespace = "";
  private String preview = "";

  private boolean isOpen;

  private SharedServer server() {
    return isOpen ? OPEN : GUARDED;
  }

  private void makeNamespaces() {
    try (RestClient client = isOpen ? OPEN.process().client() : GUARDED.client(ROOT)) {
      namespace = client.createNamespace("dev " + folder.getFileName());
      preview = client.createNamespace("preview " + folder.getFileName());
      client.put(preview, "which", Bytes.utf8("preview")).ok();
    }
  }

  @BeforeEach
  void makeProject() throws IOException {
    Path scope = Files.createDirectories(folder.resolve("node_modules/@selvedge"));
    Files.createSymbolicLink(scope.resolve("workers"), PACKAGE);
    Files.copy(Path.of("clients/worker/dev.js"), folder.resolve("dev.js"));
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        folder.resolve("wrangler.toml"),
        """
        name = "dev"
        main = "dev.js"
        compatibility_date = "2026-01-01"
        %s
        [vars]
        NAMESPACE = "%s"
        [[unsafe.bindings]]
        name = "SELVEDGE"
        type = "selvedge"
        [unsafe.bindings.dev.plugin]
        package = "%s"
        name = "selvedge"
        [unsafe.bindings.dev.options]
        url = "%s"
        """
            .formatted(
                more, namespace, PACKAGE.resolve("src/plugin.js"), server().process().uri()));
  }

  private void appendNamespaces() throws IOException {
    Path file = folder.resolve("wrangler.toml");
    Files.writeString(
        file,
        Files.readString(file)
            + "namespaces = { KV = \"%s\", PREVIEW = \"%s\" }\n".formatted(namespace, preview));
  }

  private Wrangler wrangler(NpmProject project) {
    Wrangler wrangler =
        Wrangler.of(project, folder, server().process(), ROOT, Optional.of(Launch.ACCOUNT));
    Map<String, String> environment = new HashMap<>(wrangler.environment());
    if (!isOpen) {
      environment.put("SELVEDGE_TOKEN", ROOT);
    }
    return new Wrangler(project, folder, environment);
  }

  private void readsAndWritesTheSame(Wrangler wrangler) {
    wrangler.kvIn(namespace, "key", "put", "from wrangler", "é").ok();
    try (WorkerProcess worker = WorkerProcess.wranglerDev(wrangler)) {
      assertThat(worker.get("/kv/from%20wrangler")).isEqualTo("é");
      assertThat(worker.put("/kv/from%20the%20Worker", "ü")).isEqualTo("stored");
      assertThat(worker.get("/preview/which")).isEqualTo("preview");
      assertThat(worker.get("/open-workers")).isEqualTo("ok");
      assertThat(worker.get("/selvedge")).isEqualTo("ok");
    }
    assertThat(wrangler.kvIn(namespace, "key", "get", "from the Worker").ok().text())
        .isEqualTo("ü");
    assertThat(fromNode(wrangler)).isEqualTo("ok\n");
  }

  private String fromNode(Wrangler wrangler) {
    NpmProject project = wrangler.project();
    Map<String, String> environment = new HashMap<>(wrangler.environment());
    environment.put("SELVEDGE_URL", server().process().uri().toString());
    return project
        .script(
            Path.of("clients/platform-proxy.mjs").toAbsolutePath().toString(), folder, environment)
        .with(
            List.of(
                project.folder().toString(),
                PACKAGE.resolve("src/plugin.js").toString(),
                namespace))
        .run(TIMEOUT)
        .ok()
        .text();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNewestWranglerUsesOrdinaryNamespaces(boolean open) throws IOException {
    isOpen = open;
    makeNamespaces();
    configure(
        """
        kv_namespaces = [
          { binding = "KV", id = "%s" },
          { binding = "PREVIEW", id = "%s", preview_id = "%s" },
        ]
        """
            .formatted(namespace, namespace, preview));

    readsAndWritesTheSame(wrangler(NpmProject.newest()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOlderWranglerUsesTheNamespacesOfThePlugin(boolean open) throws IOException {
    isOpen = open;
    makeNamespaces();
    configure("");
    appendNamespaces();

    readsAndWritesTheSame(wrangler(NpmProject.stock()));
  }
}
