package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import selvedge.cluster.RaftVoter;
import selvedge.model.SelvedgeException;
import selvedge.server.Server;
import selvedge.server.config.Config;

/** {@code selvedge serve}. */
@Command(
    name = "serve",
    description = "Start a server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge serve",
      "  selvedge serve --listen 127.0.0.1:0 --data /tmp/kv",
      "  selvedge serve --profile workers-free",
      "  selvedge serve --origin http://10.0.0.1:5820 --location fra --listen 127.0.0.1:5821 \\",
      "      --data ./fra",
      "  selvedge serve --limit key-bytes=1024 --limit writes-per-day=none",
      "",
      "Settings may also be in a file with lines key = value (--config), or in variables such as",
      "SELVEDGE_LISTEN and SELVEDGE_LIMITS_KEY_BYTES. Flags override variables, variables override",
      "the file. SELVEDGE_JAVA_OPTS has JVM options. All limits: docs/reference/limits.md."
    })
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ServeCommand() {}

  @Override
  public void run() {
    Config settings = settings();
    System.setProperty("selvedge.log.format", settings.logging().format());
    System.setProperty("selvedge.log.level", settings.logging().level());
    Umask.restrict();
    var server = new Server(settings, InstantSource.system(), RaftVoter::open);
    URI uri = server.start();
    var stopped = new CountDownLatch(1);
    SystemdSocket systemd = SystemdSocket.ofEnvironment();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, systemd, stopped)));
    new Greeting(spec.commandLine().getOut()).print(uri, settings, server);
    HangUp.onSignal(() -> reload(server));
    systemd.ready();
    await(stopped);
  }

  private Config settings() {
    return Config.of(SettingOptions.read(spec.commandLine().getParseResult(), System.getenv()));
  }

  /** Reads the settings again. Wrong ones change nothing. */
  private void reload(Server server) {
    try {
      server.reload(settings());
    } catch (SelvedgeException e) {
      LoggerFactory.getLogger(ServeCommand.class)
          .error("the settings stay as they were: {}", e.getMessage());
    }
  }

  /**
   * Exits after a signal with status 0 if the server stopped cleanly, where the JVM would return
   * 128 plus the signal.
   */
  private static void stop(Server server, SystemdSocket systemd, CountDownLatch stopped) {
    int status = 0;
    systemd.stopping();
    try {
      server.announceStop();
      server.close();
    } catch (SelvedgeException e) {
      status = 1;
      LoggerFactory.getLogger(ServeCommand.class)
          .error("the server did not stop cleanly: {}", e.getMessage());
    } catch (RuntimeException e) {
      status = 1;
      LoggerFactory.getLogger(ServeCommand.class).error("the server did not stop cleanly", e);
    }
    stopped.countDown();
    Runtime.getRuntime().halt(status);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints the addresses and settings after the start. */
  private record Greeting(PrintWriter out) {
    void print(URI uri, Config config, Server server) {
      String api = uri + "/client/v4";
      String token = server.isOpen() ? "any" : "<your token>";
      out.println("listening on " + uri);
      if (config.isEdge()) {
        out.println("edge " + config.location() + " of " + config.origin());
      }
      if (config.isVoter()) {
        var voters = config.voting().cluster();
        out.println(
            "voter " + config.voting().node() + " of " + String.join(", ", voters.keySet()));
      }
      out.println("data in " + config.data().toAbsolutePath().normalize());
      out.println(access(config, server));
      out.println("profile " + config.profile().id() + ", account " + server.defaultAccount());
      out.println();
      out.println("with wrangler and the SDKs:");
      out.println("  export CLOUDFLARE_API_BASE_URL=" + api);
      out.println("  export CLOUDFLARE_BASE_URL=" + api);
      out.println("  export CLOUDFLARE_API_TOKEN=" + token);
      out.println("  export CLOUDFLARE_ACCOUNT_ID=" + server.defaultAccount());
      out.println("  npx wrangler kv namespace create CACHE");
      out.println("with curl:");
      String header = server.isOpen() ? "" : " -H \"Authorization: Bearer " + token + "\"";
      out.println(
          "  curl"
              + header
              + " "
              + api
              + "/accounts/"
              + server.defaultAccount()
              + "/storage/kv/namespaces");
      out.flush();
    }

    private static String access(Config config, Server server) {
      String create = "./selvedge token create --data " + config.data();
      if (server.isOpen() && config.entrance().open()) {
        return "no authentication (--open): all clients that can connect may read and change"
            + " everything. To require tokens, run: "
            + create;
      }
      if (server.isOpen()) {
        return "no authentication (loopback only). To require tokens, run: "
            + create
            + System.lineSeparator()
            + "do not use it behind a reverse proxy: one that adds no header such as"
            + " X-Forwarded-For cannot be detected";
      }
      return server.tokenCount() == 0
          ? "all tokens have been revoked; to create one, run: " + create
          : "authentication by token, " + server.tokenCount() + " tokens";
    }
  }
}
