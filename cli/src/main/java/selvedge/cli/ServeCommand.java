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
      "Settings may also be in a file with lines key = value (--config), or in variables such as",
      "SELVEDGE_LISTEN and SELVEDGE_LIMITS_KEY_BYTES. Flags override variables, variables override",
      "the file. SELVEDGE_JAVA_OPTS has JVM options. All limits: docs/reference/limits.md."
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
      description = "Start an edge that follows this server.")
  private @Nullable String origin;

  @Option(
      names = "--location",
      paramLabel = "NAME",
      description = "Name of this server in selvedge status.")
  private @Nullable String location;

  @Option(
      names = "--origin-token",
      paramLabel = "T",
      description = "A replicate token of the origin; --origin-token-file is safer.")
  private @Nullable String originToken;

  @Option(
      names = "--origin-token-file",
      paramLabel = "FILE",
      description = "A file with the token of the origin.")
  private @Nullable String originTokenFile;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description = "The cluster of this server; it does not start with data of another cluster.")
  private @Nullable String clusterId;

  @Option(
      names = "--new-cluster",
      description = "Start a new cluster in an empty data directory, once.")
  private boolean newCluster;

  @Option(
      names = "--backup-dir",
      paramLabel = "DIR",
      description = "Directory of backups; default backups in the data directory.")
  private @Nullable String backupDirectory;

  @Option(
      names = "--cached",
      paramLabel = "ID[,ID]",
      description = "Namespaces that an edge caches instead of replicating them.")
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
      description = "Default account: 32 hex characters; generated if missing.")
  private @Nullable String account;

  @Option(
      names = "--root-token",
      paramLabel = "T",
      description =
          "A token with all rights; --root-token-file is safer: processes see the command line.")
  private @Nullable String rootToken;

  @Option(
      names = "--root-token-file",
      paramLabel = "FILE",
      description = "A file with the root token.")
  private @Nullable String rootTokenFile;

  @Option(
      names = "--open",
      description =
          "While no token exists, accept all clients, on any address and through proxies.")
  private boolean open;

  @Option(
      names = "--allowed-hosts",
      paramLabel = "NAME[,NAME]",
      description = "Host names that an open server accepts, such as kv.example or *.example.")
  private @Nullable String allowedHosts;

  @Option(
      names = "--allowed-origins",
      paramLabel = "URL[,URL]",
      description = "Origins of web pages that may read, such as https://app.example.com (CORS).")
  private @Nullable String allowedOrigins;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "PEM file: certificate chain.")
  private @Nullable String tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM file: private key.")
  private @Nullable String tlsKey;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "PEM file: authorities that connections to --origin trust; default those of the JVM.")
  private @Nullable String authorities;

  @Option(
      names = "--peer-ca",
      paramLabel = "FILE",
      description =
          "PEM file: authorities of servers that follow this one; see docs/how-to/tls.md.")
  private @Nullable String peerAuthorities;

  @Option(
      names = "--peers",
      paramLabel = "NAME[,NAME]",
      description = "Certificate names of servers that may follow this one.")
  private @Nullable String peers;

  @Option(
      names = "--peer-cert",
      paramLabel = "FILE",
      description =
          "PEM file: certificate that this edge presents to its origin, in addition to the token.")
  private @Nullable String peerCertificate;

  @Option(
      names = "--peer-key",
      paramLabel = "FILE",
      description = "PEM file: private key of --peer-cert.")
  private @Nullable String peerKey;

  @Option(
      names = "--client-certificates",
      description = "Require a certificate of --peer-ca from every client, beside its token.")
  private boolean clientCertificates;

  @Option(
      names = "--encryption-key-file",
      paramLabel = "FILE",
      description = "Encrypt the data under the master key in the file; see selvedge key.")
  private @Nullable String encryptionKeyFile;

  @Option(
      names = "--encryption-kms",
      paramLabel = "NAME:ADDRESS",
      description = "Encrypt the data under a master key of a key management service.")
  private @Nullable String encryptionKms;

  @Option(
      names = "--limit",
      paramLabel = "NAME=VALUE",
      description = "Set one limit; may be repeated.")
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
    Umask.restrict();
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

  /** Exits with status 0 after a signal, where the JVM would return 128 plus the signal. */
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
    flag(settings, "client-certificates", clientCertificates ? "true" : null);
    flag(settings, "encryption-key-file", encryptionKeyFile);
    flag(settings, "encryption-kms", encryptionKms);
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

  /** Prints the addresses and settings after the start. */
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
