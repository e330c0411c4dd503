package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.FreePorts;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** Tools around Workers: see {@code clients/tools}. */
final class ToolsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path PLUGIN = Path.of("..", "workers", "src", "plugin.js");
  private static final Pattern VITE = Pattern.compile("Local: +http://127\\.0\\.0\\.1:(\\d+)/");

  @RegisterExtension static final SharedServer SERVER = new SharedServer();
  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> manageNamespaces() {
    return Scenarios.of(
        NpmProject.tools(), "tools/tools.mjs", SERVER.process(), Map.of("SELVEDGE_TOKEN", "any"));
  }

  /** A Worker with the plugin of this project, and the tool in whose process it runs. */
  private Program tool(String name, String namespace) throws IOException {
    NpmProject project = NpmProject.tools();
    try (Stream<Path> files = Files.list(project.folder().resolve("worker"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.createSymbolicLink(
        folder.resolve("node_modules"), project.folder().resolve("node_modules"));
    Files.writeString(
        folder.resolve("wrangler.toml"),
        """
        name = "tested"
        main = "index.js"
        compatibility_date = "2026-01-01"
        compatibility_flags = ["nodejs_compat"]
        kv_namespaces = [{ binding = "KV", id = "%s" }]
        [[unsafe.bindings]]
        name = "SELVEDGE"
        type = "selvedge"
        [unsafe.bindings.dev.plugin]
        package = "%s"
        name = "selvedge"
        [unsafe.bindings.dev.options]
        url = "%s"
        """
            .formatted(namespace, PLUGIN.toAbsolutePath().normalize(), SERVER.process().uri()));
    Path programs = project.folder().resolve("node_modules/.bin");
    return project.script(
        programs.resolve(name).toString(),
        folder,
        Map.of(
            "PATH",
            programs + File.pathSeparator + System.getenv("PATH"),
            "NO_COLOR",
            "1",
            "WRANGLER_SEND_METRICS",
            "false"));
  }

  @Test
  void vitestRunsTestsOnANamespaceOfTheServer() throws IOException {
    try (RestClient client = SERVER.client("any")) {
      String namespace = client.createNamespace("vitest");

      tool("vitest", namespace).with(List.of("run")).run(PATIENCE).ok();

      assertThat(client.get(namespace, "greeting").ok().body()).isEqualTo(Bytes.utf8("hello"));
    }
  }

  @Test
  void viteServesAWorkerOnANamespaceOfTheServer() throws IOException {
    try (RestClient client = SERVER.client("any")) {
      String namespace = client.createNamespace("vite");
      String port = Integer.toString(FreePorts.inARow(1));
      Program vite =
          tool("vite", namespace)
              .with(List.of("dev", "--host", "127.0.0.1", "--port", port, "--strictPort"));

      try (WorkerProcess worker = WorkerProcess.start(vite, VITE)) {
        assertThat(worker.put("/greeting", "hello")).isEqualTo("stored");
        assertThat(worker.get("/greeting")).isEqualTo("hello");
      }

      assertThat(client.get(namespace, "greeting").ok().body()).isEqualTo(Bytes.utf8("hello"));
    }
  }
}
