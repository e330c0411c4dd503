package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** A Worker whose configuration is a {@code cloudflare.config.ts}. */
final class CloudflareConfigTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern LISTENS =
      Pattern.compile("the Worker listens on http://127\\.0\\.0\\.1:(\\d+)");
  private static final String REQUIRED =
      "cloudflare.config.ts needs wrangler 4.164 or newer in the same project (npm i -D"
          + " wrangler@latest) and Node.js 22.18 or newer";

  @RegisterExtension static final SharedServer SERVER = new SharedServer();
  @TempDir Path folder;

  @BeforeEach
  void writeWorker() throws IOException {
    Files.createDirectory(folder.resolve("src"));
    Files.writeString(
        folder.resolve("cloudflare.config.ts"),
        """
        import { bindings } from "@cloudflare/config/public";

        // Not a binding: DECOY: bindings.kv({ id: "decoy" })
        const decoy: string = `env: { DECOY: bindings.kv({ id: "decoy" }) }`;
        const id = (name: string, mode?: string): string => mode ? `${name}-${mode}` : name;

        export default ({ mode }: { mode?: string }) => ({
          worker: {
            name: "shop",
            entrypoint: "src/index.ts",
            compatibilityDate: "2026-01-01",
            env: {
              CARTS: bindings.kv({ id: id("carts", mode) }),
              TITLED: bindings.kv(),
              LENGTH: bindings.json(decoy.length),
              QUEUE: bindings.queue({ name: "jobs" }),
            },
          },
        });
        """);
    Files.writeString(
        folder.resolve("src/index.ts"),
        """
        export default {
          async fetch(_request: Request, env: any): Promise<Response> {
            const found = await Promise.all([env.CARTS.get("who"), env.TITLED.get("who")]);
            return new Response([...found, env.LENGTH, env.DECOY].join());
          },
        };
        """);
    try (RestClient client = SERVER.client("any")) {
      for (String title : List.of("carts", "carts-staging", "TITLED")) {
        if (!client.titles().contains(title)) {
          client.put(client.createNamespace(title), "who", Bytes.utf8("in " + title)).ok();
        }
      }
    }
  }

  private void install(NpmProject project) throws IOException {
    Files.createSymbolicLink(
        folder.resolve("node_modules"), project.folder().resolve("node_modules"));
  }

  private Program selvedge(String command, String... arguments) {
    Program program =
        Launch.selvedge(folder, command)
            .with(List.of("--server", SERVER.process().uri().toString()))
            .with(List.of(arguments));
    return new Program(program.command(), folder, Map.of());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void workerConfigUsesTheSettingsOfTheMode() throws IOException {
    install(NpmProject.newest());

    ProcessResult result =
        selvedge("worker-config", "cloudflare.config.ts", "--env", "staging").run(TIMEOUT).ok();

    assertThat(result.errors()).contains("left out: queues (missing in the Worker: QUEUE)");
    assertThat(files()).noneMatch(name -> name.contains("selvedge-config"));
    Path configuration = folder.resolve("worker.capnp");
    try (WorkerProcess worker =
        WorkerProcess.workerd(NpmProject.newest(), configuration, Map.of())) {
      assertThat(worker.get("/")).isEqualTo("in carts-staging,in TITLED,44,");
    }
  }

  @Test
  void devRunsTheWorkerWithTheWranglerThatReadTheFile() throws IOException {
    install(NpmProject.newest());
    String port;
    try (var socket = new ServerSocket(0)) {
      port = Integer.toString(socket.getLocalPort());
    }

    try (WorkerProcess dev = WorkerProcess.start(selvedge("dev", "--port", port), LISTENS)) {
      assertThat(dev.get("/")).isEqualTo("in carts,in TITLED,44,");
      dev.terminate();
    }

    assertThat(files()).noneMatch(name -> name.contains("selvedge-dev"));
  }

  @Test
  void withoutWranglerTheErrorNamesIt() {
    ProcessResult result = selvedge("worker-config", "cloudflare.config.ts").run(TIMEOUT);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors()).contains(REQUIRED + "; wrangler was not found").hasLineCount(1);
  }

  @Test
  void refusesAnOlderWrangler() throws IOException {
    install(NpmProject.stock());

    ProcessResult result = selvedge("dev").run(TIMEOUT);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors()).contains(REQUIRED + "; this wrangler is older");
  }

  @Test
  void anErrorOfTheFileIsReportedByWrangler() throws IOException {
    install(NpmProject.newest());
    Files.writeString(
        folder.resolve("cloudflare.config.ts"),
        "export default { worker: { name: 7, entrypoint: \"src/index.ts\" } };");

    ProcessResult result = selvedge("worker-config", "cloudflare.config.ts").run(TIMEOUT);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors()).contains("Invalid `cloudflare.config.ts`", "worker.name");
  }
}
