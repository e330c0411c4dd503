package selvedge.cli.worker;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TrustOption;
import selvedge.model.InvalidRequestException;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** {@code selvedge dev}. */
@Command(
    name = "dev",
    description = {
      "Run a Worker on namespaces of a Selvedge server during development.",
      "",
      "Uses the server at --server, or starts one, creates the namespaces that the configuration"
          + " names, and runs the Worker under wrangler dev, or under workerd if wrangler is not"
          + " installed. The Worker reloads when a file changes."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge dev                                the Worker in this folder",
      "  selvedge dev examples/workers/sessions --port 8000",
      "  selvedge dev --env staging --server http://127.0.0.1:5820",
      "  selvedge dev --edges fra:40ms,syd:140ms     the Worker in two locations"
    })
public final class DevCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(50);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = ".",
      description = "Folder of the Worker; default the current one.")
  private Path folder = Path.of(".");

  @Option(
      names = "--env",
      paramLabel = "E",
      defaultValue = "",
      description = "Environment of the configuration, or mode of cloudflare.config.ts.")
  private String environment = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8787",
      description = "Port of the Worker; default ${DEFAULT-VALUE}.")
  private int port = 8787;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:5820",
      description =
          "Server to use; default ${DEFAULT-VALUE}. If no server listens there, one is started.")
  private URI server = URI.create("http://127.0.0.1:5820");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of a started server; default .selvedge/data in the folder.")
  private @Nullable Path data;

  @Option(
      names = "--edges",
      paramLabel = "LIST",
      description =
          "Run the Worker once per location, each on its own edge with the given delay to the"
              + " server, such as fra:40ms,syd:140ms. The Workers listen on --port and the ports"
              + " after it.")
  private @Nullable String edges;

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "Environment variable that the Worker may read as a secret; may be repeated.")
  private Set<String> secrets = Set.of();

  @Option(
      names = "--download",
      description =
          "Let npx download workerd without a question if it is not installed; default ask.")
  private boolean download;

  private final Deque<Runnable> cleanups = new ConcurrentLinkedDeque<>();

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  public DevCommand() {}

  @Override
  public Integer call() {
    List<Region> regions = edges == null ? List.of() : Region.list(edges);
    Path path =
        WranglerFile.in(folder)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "no wrangler.toml, wrangler.jsonc, wrangler.json or %s in %s"
                            .formatted(CloudflareConfig.NAME, folder)));
    WranglerFile file = WranglerFile.read(path, environment);
    WorkerSettings settings = WorkerReader.read(file, secrets).inDevelopment();
    for (int i = 0; i < Math.max(1, regions.size()); i++) {
      requireFree(port + i);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
    try {
      startServerIfMissing();
      return run(file, settings, regions);
    } finally {
      cleanUp();
    }
  }

  /** Each wrangler would start for seconds before it ends with this error, and end the others. */
  private static void requireFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return;
    } catch (IOException e) {
      throw new InvalidRequestException(
          "port %d is in use (%s): choose another with --port".formatted(port, e.getMessage()));
    }
  }

  private void startServerIfMissing() {
    if (!KvServer.isFree(server, tls.trust())) {
      print("using the server at " + server);
      return;
    }
    ServerAddress address = ServerAddress.of(server, "");
    if (address.tls()) {
      throw new InvalidRequestException(
          "no server is running at "
              + server
              + ", and dev can only start a server without TLS: use an http address or start it"
              + " yourself");
    }
    Path directory = data == null ? folder.resolve(".selvedge").resolve("data") : data;
    var started =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", address.address(), "--server"),
                    new Setting("data", directory.toString(), "--data"))));
    cleanups.push(started::close);
    started.start();
    print("started a server at " + server + ", data in " + directory.toAbsolutePath().normalize());
  }

  private int run(WranglerFile file, WorkerSettings settings, List<Region> regions) {
    String token = System.getenv().getOrDefault("SELVEDGE_TOKEN", "");
    try (var namespaces = new KvServer(server, token, tls.trust())) {
      List<String> names = settings.namespaces().stream().map(Binding.Kv::namespace).toList();
      for (String title : namespaces.createMissing(names)) {
        print("created the namespace " + title);
      }
    }
    settings.namespaces().forEach(kv -> print("env." + kv.name() + " is " + kv.namespace()));
    settings.unsupported().forEach(name -> print("only with wrangler: " + name));
    List<Start> starts = new ArrayList<>();
    if (regions.isEmpty()) {
      var runner =
          new DevRunner(file, settings, server, token, tls.file(), "", port, this::mayDownload);
      starts.add(new Start(start(runner), port, "the Worker listens on http://127.0.0.1:" + port));
    }
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      URI edge = edge(region, token);
      String name = region.location();
      var runner =
          new DevRunner(file, settings, edge, token, "", name, port + i, this::mayDownload);
      String line =
          "%s, %d ms from the server: the Worker listens on http://127.0.0.1:%d, its edge on %s"
              .formatted(name, region.delay().toMillis(), port + i, edge);
      starts.add(new Start(start(runner), port + i, line));
    }
    Thread.ofVirtual()
        .name("awaits-listening")
        .start(() -> starts.forEach(this::printWhenListening));
    return await(starts.stream().map(Start::process).toList());
  }

  /**
   * A Worker that is starting.
   *
   * @param line printed when it listens
   */
  private record Start(Process process, int port, String line) {}

  /** Prints the line when the port accepts connections; nothing if the process ends first. */
  private void printWhenListening(Start start) {
    while (start.process().isAlive()) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), start.port())) {
        print(start.line());
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Asks at the terminal, once. Without a terminal only --download allows a download. */
  private boolean mayDownload(String description) {
    if (!download) {
      download =
          Optional.ofNullable(System.console())
              .filter(Console::isTerminal)
              .map(console -> console.readLine("%s Download and run it? [y/N] ", description))
              .filter(answer -> answer.strip().equalsIgnoreCase("y"))
              .isPresent();
    }
    return download;
  }

  /** Starts an edge behind a connection with the delay of the region. */
  private URI edge(Region region, String token) {
    var proxy = new DelayProxy(server, region.delay(), tls.trust());
    cleanups.push(proxy::close);
    Path directory = folder.resolve(".selvedge-edges").resolve(region.location());
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting("listen", "127.0.0.1:0", "--edges"));
    settings.add(new Setting("data", directory.toString(), "--edges"));
    settings.add(new Setting("origin", proxy.uri().toString(), "--edges"));
    settings.add(new Setting("location", region.location(), "--edges"));
    if (!token.isEmpty()) {
      settings.add(new Setting("origin-token", token, "SELVEDGE_TOKEN"));
    }
    var edge = new Server(Config.of(settings));
    cleanups.push(edge::close);
    return edge.start();
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** Starts a Worker that shares the output of this process and ends with it. */
  private Process start(DevRunner runner) {
    cleanups.push(runner::close);
    List<String> command = runner.command();
    try {
      Process process = Tools.process(command, folder).inheritIO().start();
      cleanups.push(() -> kill(process));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.getFirst(), e);
    }
  }

  /** Waits for the first process that ends and returns its exit code. */
  private static int await(List<Process> processes) {
    BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
    for (Process process : processes) {
      Thread.ofVirtual().name("awaits-worker").start(() -> exits.add(exit(process)));
    }
    try {
      return exits.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int exit(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Ends everything that was started, the last first. Later calls do nothing. */
  private void cleanUp() {
    synchronized (cleanups) {
      while (!cleanups.isEmpty()) {
        cleanups.pop().run();
      }
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
