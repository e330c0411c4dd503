package selvedge.cli.worker;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TrustOption;
import selvedge.model.InvalidRequestException;

/** {@code selvedge worker-config}. */
@Command(
    name = "worker-config",
    description =
        "Write a configuration that runs a Worker in stock workerd on the namespaces of a server.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge worker-config wrangler.toml && workerd serve worker.capnp",
      "  selvedge worker-config wrangler.jsonc --env production --server https://kv.example:5820",
      "  SELVEDGE_TOKEN=... selvedge worker-config wrangler.toml --out /etc/worker/worker.capnp"
    })
public final class WorkerConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "wrangler.toml, .jsonc or .json, or cloudflare.config.ts.")
  private Path file = Path.of("wrangler.toml");

  @Option(
      names = "--env",
      paramLabel = "E",
      defaultValue = "",
      description = "Environment of the file, or mode of cloudflare.config.ts.")
  private String environment = "";

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:5820",
      description = "Server with the namespaces; default ${DEFAULT-VALUE}.")
  private URI server = URI.create("http://127.0.0.1:5820");

  @Option(
      names = "--token-env",
      paramLabel = "NAME",
      description = "Environment variable with the token; default SELVEDGE_TOKEN.")
  private @Nullable String tokenVariable;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "*:8080",
      description = "Address of the Worker; default ${DEFAULT-VALUE}.")
  private String listen = "*:8080";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write; default worker.capnp in the folder of the configuration.")
  private @Nullable Path out;

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "Environment variable that the Worker may read as a secret; may be repeated.")
  private Set<String> secrets = Set.of();

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  public WorkerConfigCommand() {}

  @Override
  public void run() {
    WranglerFile configuration = WranglerFile.read(file, environment);
    WorkerSettings settings = WorkerReader.read(configuration, secrets);
    Path target = out == null ? settings.file().resolveSibling("worker.capnp") : out;
    Path folder = target.toAbsolutePath().normalize().resolveSibling("");
    ServerAddress address = ServerAddress.of(server, tls.file());
    String token = token();
    var bundler = new Bundler(folder.resolve(target.getFileName() + ".files"));
    Bundle bundle = bundler.bundle(configuration, settings);
    write(target, new WorkerdConfig(settings, bundle, address, token, listen, folder).render());
    PrintWriter errors = spec.commandLine().getErr();
    settings
        .unsupported()
        .forEach(name -> errors.println("selvedge: not supported, left out: " + name));
    spec.commandLine().getOut().println("wrote " + target);
    spec.commandLine().getOut().println("run it with: workerd serve " + target);
  }

  private String token() {
    String name = tokenVariable == null ? "SELVEDGE_TOKEN" : tokenVariable;
    String token = System.getenv(name);
    if (token == null || token.isEmpty()) {
      if (tokenVariable != null) {
        throw new InvalidRequestException(
            "the environment variable " + name + ", named by --token-env, is not set");
      }
      return "";
    }
    return token;
  }

  private static void write(Path target, String text) {
    try {
      OwnerOnlyFile.write(target, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
  }
}
