package selvedge.verification.clients;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** Libraries for Workers, bundled by wrangler and run by workerd: see {@code libraries.mjs}. */
final class LibrariesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> NAMESPACES = List.of("LIMITS", "NEXT_INC_CACHE_KV", "OAUTH_KV");

  @RegisterExtension static final SharedServer SERVER = new SharedServer();
  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> librariesKeepThingsInNamespaces() throws IOException {
    try (RestClient client = SERVER.client("any")) {
      NAMESPACES.forEach(client::createNamespace);
    }
    Files.createSymbolicLink(
        folder.resolve("node_modules"), NpmProject.workers().folder().resolve("node_modules"));
    Files.copy(Path.of("clients/worker/libraries.js"), folder.resolve("libraries.js"));
    Files.writeString(
        folder.resolve("wrangler.json"),
        """
        {"main": "libraries.js", "compatibility_date": "2026-01-01",
         "compatibility_flags": ["nodejs_compat"],
         "kv_namespaces": [{"binding": "LIMITS"}, {"binding": "NEXT_INC_CACHE_KV"}, {"binding": "OAUTH_KV"}]}
        """);
    configure();
    try (WorkerProcess worker =
        WorkerProcess.workerd(NpmProject.newest(), folder.resolve("worker.capnp"), Map.of())) {
      return Scenarios.of(
          "libraries.mjs", SERVER.process(), Map.of("WORKER_URL", worker.uri().toString()));
    }
  }

  private void configure() {
    Path programs = NpmProject.newest().folder().resolve("node_modules/.bin");
    String path = programs + File.pathSeparator + System.getenv("PATH");
    Program command =
        Launch.selvedge(folder, "worker-config")
            .with(List.of("wrangler.json", "--server", SERVER.process().uri().toString()));
    new Program(command.command(), folder, Map.of("PATH", path)).run(PATIENCE).ok();
  }
}
