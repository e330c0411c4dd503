package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Directories;
import selvedge.verification.process.FreePorts;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;

/** {@code selvedge dev} in the folder of a Worker. */
final class DevCommandTest {
  private static final Path EXAMPLES =
      Path.of("..", "examples", "workers").toAbsolutePath().normalize();
  private static final Pattern LISTENS =
      Pattern.compile("the Worker listens on http://127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path folder;

  private Path copy(String example) throws IOException {
    Path copy = folder.resolve(example);
    Directories.copy(EXAMPLES.resolve(example), copy);
    return copy;
  }

  /** Links npm packages into the folder of the Worker, like an installation. */
  private void install(Path worker, NpmProject project, String... names) throws IOException {
    Path programs = Files.createDirectories(worker.resolve("node_modules/.bin"));
    for (String name : names) {
      Path program = name.equals("workerd") ? project.workerd() : project.bin(name);
      Files.createSymbolicLink(programs.resolve(name), program);
    }
  }

  private static Program dev(Path worker, String... arguments) {
    return dev(FreePorts.inARow(1), worker, arguments);
  }

  private static Program dev(int port, Path worker, String... arguments) {
    Program command =
        Launch.selvedge(worker, "dev", "--port", Integer.toString(port)).with(List.of(arguments));
    return new Program(command.command(), worker, Map.of("WRANGLER_SEND_METRICS", "false"));
  }

  /** Repeats a request until the Worker returns the expected body. */
  private static void await(WorkerProcess worker, String path, String answer) {
    String last = "";
    long timeout = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!last.equals(answer)) {
      assertThat(System.nanoTime()).as("%s\n%s", last, worker.output()).isLessThan(timeout);
      try {
        last = worker.get(path);
      } catch (UncheckedIOException e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  private void startsAServerAndReloads(Path worker) throws IOException {
    String server = "http://127.0.0.1:" + FreePorts.inARow(1);
    try (WorkerProcess dev = WorkerProcess.start(dev(worker, "--server", server), LISTENS)) {
      await(dev, "/", "{\"greeting\":\"hello\",\"itemsPerPage\":20}");
      try (RestClient client = new RestClient(URI.create(server))) {
        assertThat(client.titles()).containsExactly("example-config");
      }
      Path source = worker.resolve("src/index.js");
      Files.writeString(source, Files.readString(source).replace("\"hello\"", "\"changed\""));
      await(dev, "/", "{\"greeting\":\"changed\",\"itemsPerPage\":20}");
      dev.terminate();
    }
    assertThat(Files.isDirectory(worker.resolve(".selvedge"))).isTrue();
    try (Stream<Path> files = Files.list(worker)) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .noneMatch(name -> name.contains("selvedge-dev"));
    }
  }

  @Test
  void runsAWorkerWithWorkerdOnAnOwnServer() throws IOException {
    Path worker = copy("config");
    install(worker, NpmProject.newest(), "workerd");

    startsAServerAndReloads(worker);
  }

  @Test
  void runsAWorkerWithAnInstalledWrangler() throws IOException {
    Path worker = copy("config");
    install(worker, NpmProject.stock(), "wrangler", "workerd");

    startsAServerAndReloads(worker);
  }

  @Test
  void runsAWorkerInTwoLocations() throws Exception {
    Path worker = copy("config");
    install(worker, NpmProject.newest(), "workerd");
    String server = "http://127.0.0.1:" + FreePorts.inARow(1);
    Program program =
        dev(FreePorts.inARow(2), worker, "--server", server, "--edges", "near:0ms,far:200ms");
    try (WorkerProcess dev = WorkerProcess.start(program, LISTENS)) {
      await(dev, "/", "{\"greeting\":\"hello\",\"itemsPerPage\":20}");
      URI near = dev.uri();
      URI far = URI.create("http://127.0.0.1:" + (near.getPort() + 1));
      HttpRequest.Builder put =
          HttpRequest.newBuilder(near.resolve("/admin/config/greeting"))
              .header("Authorization", "Bearer let me in")
              .PUT(HttpRequest.BodyPublishers.ofString("\"moin\""));
      assertThat(dev.send(put).body()).isEqualTo("stored\n");
      assertThat(dev.get("/")).contains("moin");
      Polling.await(
          "what was written elsewhere",
          () ->
              dev.output().contains("far, 200 ms from the server: ")
                  && answer(dev, far).contains("moin"));
      dev.terminate();
    }
  }

  /** Runs once, or {@code -Dstarts=} times, each time in a new folder. */
  @Test
  void runsAWorkerOnHonoWithWranglerInThreeLocations() throws Exception {
    for (int start = 0; start < Integer.getInteger("starts", 1); start++) {
      Path worker = hono("hono" + start);
      int port = FreePorts.inARow(3);
      String server = "http://127.0.0.1:" + FreePorts.inARow(1);
      Program program = dev(port, worker, "--server", server, "--edges", "a:0ms,b:0ms,c:0ms");
      try (WorkerProcess dev = WorkerProcess.start(program, LISTENS)) {
        for (int i = 0; i < 3; i++) {
          URI place = URI.create("http://127.0.0.1:" + (port + i));
          Polling.await(
              "a response at " + place + "\n" + dev.output(),
              () -> answer(dev, place).equals("hello from Hono"));
        }
        for (int i = 0; i < 3; i++) {
          URI place = URI.create("http://127.0.0.1:" + (port + i) + "/cache");
          assertThat(answer(dev, place)).as("the cache of one location").isEqualTo("empty");
          assertThat(answer(dev, place)).isEqualTo("filled");
        }
        dev.terminate();
      }
    }
  }

  private Path hono(String name) throws IOException {
    Path worker = folder.resolve(name);
    Files.createDirectories(worker.resolve("src"));
    install(worker, NpmProject.stock(), "wrangler", "workerd");
    Files.createSymbolicLink(
        worker.resolve("node_modules/hono"),
        NpmProject.workers().folder().resolve("node_modules/hono"));
    Files.writeString(
        worker.resolve("wrangler.toml"),
        """
        name = "fresh"
        main = "src/index.ts"
        compatibility_date = "2026-01-01"
        kv_namespaces = [{ binding = "KV" }]
        """);
    Files.writeString(
        worker.resolve("src/index.ts"),
        """
        import { Hono } from "hono";
        const app = new Hono<{ Bindings: { KV: any } }>();
        app.get("/", async (c) => c.text(`hello from ${await c.env.KV.get("who") ?? "Hono"}`));
        app.get("/cache", async (c) => {
          const found = await caches.default.match("http://cache/page");
          const page = new Response("filled", { headers: { "Cache-Control": "max-age=60" } });
          await caches.default.put("http://cache/page", page);
          return found ?? c.text("empty");
        });
        export default app;
        """);
    return worker;
  }

  /** Returns the response; empty while the Worker does not answer. */
  private static String answer(WorkerProcess worker, URI uri) {
    try {
      return worker.send(HttpRequest.newBuilder(uri).GET()).body();
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  @Test
  void doesNotAnnounceAWorkerThatDoesNotStart() throws IOException {
    Path worker = copy("config");
    Path programs = Files.createDirectories(worker.resolve("node_modules/.bin"));
    Path wrangler = Files.writeString(programs.resolve("wrangler"), "#!/bin/sh\nexit 3\n");
    Files.setPosixFilePermissions(wrangler, PosixFilePermissions.fromString("rwx------"));

    ProcessResult result =
        dev(worker, "--server", "http://127.0.0.1:" + FreePorts.inARow(1))
            .run(Duration.ofMinutes(1));

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.text()).contains("started a server").doesNotContain("the Worker listens");
  }

  /** Adds an npx that writes its arguments to a file instead of a download. */
  private static Path recordNpx(Path worker) throws IOException {
    Path programs = Files.createDirectories(worker.resolve("node_modules/.bin"));
    Path record = worker.resolve("npx.txt");
    Path npx =
        Files.writeString(
            programs.resolve("npx"), "#!/bin/sh\necho \"$@\" > '" + record + "'\nexit 3\n");
    Files.setPosixFilePermissions(npx, PosixFilePermissions.fromString("rwx------"));
    return record;
  }

  @Test
  void downloadsNothingWithoutConsent() throws IOException {
    Path worker = copy("config");
    Path record = recordNpx(worker);
    String server = "http://127.0.0.1:" + FreePorts.inARow(1);

    ProcessResult refused = dev(worker, "--server", server).run(Duration.ofMinutes(1));

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("npx would download workerd@1", "npm i -D workerd", "--download");
    assertThat(record).doesNotExist();

    ProcessResult allowed =
        dev(worker, "--server", server, "--download").run(Duration.ofMinutes(1));

    assertThat(allowed.exit()).isEqualTo(3);
    assertThat(record).content().startsWith("--yes workerd@1 serve ");
  }

  @Test
  void reportsAPortThatIsInUse() throws IOException {
    Path worker = copy("config");
    install(worker, NpmProject.stock(), "wrangler", "workerd");
    int port = FreePorts.inARow(2);
    String server = "http://127.0.0.1:" + FreePorts.inARow(1);
    try (var _ = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
      ProcessResult result =
          dev(port, worker, "--server", server, "--edges", "a:0ms,b:0ms")
              .run(Duration.ofMinutes(1));

      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.errors()).contains("port " + (port + 1) + " is in use", "--port");
      assertThat(result.text()).doesNotContain("listens");
    }
  }

  @Test
  void errorsNameTheInvalidOption() throws IOException {
    ProcessResult result = dev(folder).run(Duration.ofMinutes(1));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors())
        .contains("no wrangler.toml, wrangler.jsonc, wrangler.json or cloudflare.config.ts in ");
    ProcessResult edges = dev(copy("config"), "--edges", "fra:fast").run(Duration.ofMinutes(1));
    assertThat(edges.exit()).isEqualTo(1);
    assertThat(edges.errors()).contains("such as fra:40ms,syd:140ms, got \"fra:fast\"");
  }
}
