package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

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
      "Settings may also stand in a file of lines key = value (--config), or in variables such as",
      "SELVEDGE_LISTEN and SELVEDGE_LIMITS_KEY_BYTES. Flags win over variables, variables over the",
      "file. JVM options go into SELVEDGE_JAVA_OPTS. All limits: docs/reference/limits.md."
    })
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Default 127.0.0.1:5820.")
  private @Nullable String listen;

  @Option(names = "--data", paramLabel = "DIR", description = "Default ./data.")
  private @Nullable String data;

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description = "Follow the server at this address: be an edge of it.")
  private @Nullable String origin;

  @Option(names = "--location", paramLabel = "NAME", description = "What the status calls this.")
  private @Nullable String location;

  @Option(
      names = "--origin-token",
      paramLabel = "T",
      description = "A token of the origin that may administer everything. See also the next.")
  private @Nullable String originToken;

  @Option(
      names = "--origin-token-file",
      paramLabel = "FILE",
      description = "A file with that token.")
  private @Nullable String originTokenFile;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description = "The cluster that this server belongs to; it starts on no other data.")
  private @Nullable String clusterId;

  @Option(
      names = "--new-cluster",
      description = "Begin a new cluster, if the directory is empty and never was used before.")
  private boolean newCluster;

  @Option(
      names = "--backup-dir",
      paramLabel = "DIR",
      description = "Where backups are written; default backups in the data directory.")
  private @Nullable String backupDirectory;

  @Option(
      names = "--cached",
      paramLabel = "ID[,ID]",
      description = "Of these namespaces an edge holds only what is read there.")
  private @Nullable String cached;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings as key = value.")
  private @Nullable Path config;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Limits: open (default), workers-free or workers-paid.")
  private @Nullable String profile;

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "Account of callers that name none; 32 hex characters, made up if not given.")
  private @Nullable String account;

  @Option(
      names = "--root-token",
      paramLabel = "T",
      description = "A token with all rights; any text. Visible to other processes: see the next.")
  private @Nullable String rootToken;

  @Option(
      names = "--root-token-file",
      paramLabel = "FILE",
      description = "A file with the root token.")
  private @Nullable String rootTokenFile;

  @Option(
      names = "--open",
      description = "Without tokens, accept every client: on any address, through proxies, always.")
  private boolean open;

  @Option(
      names = "--allowed-hosts",
      paramLabel = "NAME[,NAME]",
      description = "Names of this server that clients may use without a token; *. is allowed.")
  private @Nullable String allowedHosts;

  @Option(
      names = "--allowed-origins",
      paramLabel = "URL[,URL]",
      description = "Origins of web pages that may read, such as https://app.example.com.")
  private @Nullable String allowedOrigins;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "PEM file: certificate chain.")
  private @Nullable String tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM file: private key.")
  private @Nullable String tlsKey;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "PEM file: the authorities that connections to --origin trust; default those of the"
              + " JVM.")
  private @Nullable String authorities;

  @Option(
      names = "--peer-ca",
      paramLabel = "FILE",
      description =
          "PEM file: the authorities of servers that follow this one; see docs/how-to/tls.md.")
  private @Nullable String peerAuthorities;

  @Option(
      names = "--peers",
      paramLabel = "NAME[,NAME]",
      description = "The names in the certificates of servers that may follow this one.")
  private @Nullable String peers;

  @Option(
      names = "--peer-cert",
      paramLabel = "FILE",
      description = "PEM file: what this edge presents to its origin, beside the token.")
  private @Nullable String peerCertificate;

  @Option(names = "--peer-key", paramLabel = "FILE", description = "PEM file: its private key.")
  private @Nullable String peerKey;

  @Option(
      names = "--limit",
      paramLabel = "NAME=VALUE",
      description = "Sets one limit; may be repeated.")
  private @Nullable Map<String, String> limits;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "text (default) or json, on standard error.")
  private @Nullable String logFormat;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "debug, info (default), warn or error.")
  private @Nullable String logLevel;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ServeCommand() {}

  @Override
  public void run() {
    logging();
    OwnerOnly.apply();
    Config settings = Config.of(settings());
    var server = new Server(settings);
    URI uri = server.start();
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, stopped)));
    new Greeting(spec.commandLine().getOut()).print(uri, settings, server);
    await(stopped);
  }

  private void logging() {
    if (logFormat != null) {
      System.setProperty("selvedge.log.format", logFormat);
    }
    if (logLevel != null) {
      System.setProperty("selvedge.log.level", logLevel);
    }
  }

  /** A stop that was asked for is a success, whatever the JVM would say of the signal. */
  private static void stop(Server server, CountDownLatch stopped) {
    server.close();
    stopped.countDown();
    Runtime.getRuntime().halt(0);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    if (config != null) {
      settings.addAll(Config.file(config));
    }
    settings.addAll(Config.environment(System.getenv()));
    flag(settings, "listen", listen);
    flag(settings, "data", data);
    flag(settings, "origin", origin);
    flag(settings, "origin-token", originToken);
    flag(settings, "origin-token-file", originTokenFile);
    flag(settings, "location", location);
    flag(settings, "cluster-id", clusterId);
    flag(settings, "new-cluster", newCluster ? "true" : null);
    flag(settings, "backup-dir", backupDirectory);
    flag(settings, "cached", cached);
    flag(settings, "profile", profile);
    flag(settings, "account", account);
    flag(settings, "root-token", rootToken);
    flag(settings, "root-token-file", rootTokenFile);
    flag(settings, "open", open ? "true" : null);
    flag(settings, "allowed-hosts", allowedHosts);
    flag(settings, "allowed-origins", allowedOrigins);
    flag(settings, "tls-cert", tlsCertificate);
    flag(settings, "tls-key", tlsKey);
    flag(settings, "ca", authorities);
    flag(settings, "peer-ca", peerAuthorities);
    flag(settings, "peers", peers);
    flag(settings, "peer-cert", peerCertificate);
    flag(settings, "peer-key", peerKey);
    if (limits != null) {
      limits.forEach((id, value) -> settings.add(new Setting("limits." + id, value, "--limit")));
    }
    return settings;
  }

  private static void flag(List<Setting> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.add(new Setting(key, value, "--" + key));
    }
  }

  /** What stands on the screen after the start. */
  private record Greeting(PrintWriter out) {
    void print(URI uri, Config config, Server server) {
      String api = uri + "/client/v4";
      String token = server.isOpen() ? "any" : "<your token>";
      out.println("listening on " + uri);
      if (config.isEdge()) {
        out.println("edge " + config.location() + " of " + config.origin());
      }
      out.println("data in " + config.data().toAbsolutePath().normalize());
      out.println(access(config, server));
      out.println("profile " + config.profile().id() + ", account " + server.home());
      out.println();
      out.println("with wrangler and the SDKs:");
      out.println("  export CLOUDFLARE_API_BASE_URL=" + api);
      out.println("  export CLOUDFLARE_BASE_URL=" + api);
      out.println("  export CLOUDFLARE_API_TOKEN=" + token);
      out.println("  export CLOUDFLARE_ACCOUNT_ID=" + server.home());
      out.println("  npx wrangler kv namespace create CACHE");
      out.println("with curl:");
      String header = server.isOpen() ? "" : " -H \"Authorization: Bearer " + token + "\"";
      out.println(
          "  curl" + header + " " + api + "/accounts/" + server.home() + "/storage/kv/namespaces");
      out.flush();
    }

    private static String access(Config config, Server server) {
      String create = "./selvedge token create --data " + config.data();
      if (server.isOpen() && config.entrance().open()) {
        return "no authentication (--open): every client that can connect may read and change"
            + " everything. To require tokens, run: "
            + create;
      }
      if (server.isOpen()) {
        return "no authentication (loopback only). To require tokens, run: "
            + create
            + System.lineSeparator()
            + "do not put a reverse proxy in front of it: a proxy that adds no header such as"
            + " X-Forwarded-For cannot be recognised";
      }
      return server.tokenCount() == 0
          ? "all tokens have been revoked; to create one, run: " + create
          : "guarded by tokens: " + server.tokenCount();
    }
  }
}
