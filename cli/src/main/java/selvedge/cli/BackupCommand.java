package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.tls.TrustOption;
import selvedge.engine.Backup;
import selvedge.engine.BackupManifest;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import tools.jackson.databind.JsonNode;

/** {@code selvedge backup}. */
@Command(
    name = "backup",
    description = "Create, verify and restore backups.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge backup create monday --server http://10.0.0.1:5820 --token $TOKEN",
      "  selvedge backup create monday --data /var/lib/selvedge",
      "  selvedge backup create /mnt/backups/monday --offline --data /var/lib/selvedge",
      "  selvedge backup verify /mnt/backups/monday",
      "  selvedge backup restore /mnt/backups/monday --data /var/lib/selvedge"
    })
final class BackupCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  BackupCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: create, verify or restore");
  }

  @Command(
      name = "create",
      description = {
        "Write a backup as of one version.",
        "A running server writes it to NAME below its backup-dir, while writes go on."
      },
      mixinStandardHelpOptions = true)
  void create(
      @Parameters(
              paramLabel = "NAME",
              description = "The directory below backup-dir; with --offline any new directory.")
          String name,
      @Option(names = "--server", paramLabel = "URL", description = "The server.")
          @Nullable URI server,
      @Option(
              names = "--token",
              paramLabel = "T",
              defaultValue = "${env:SELVEDGE_TOKEN:-}",
              description = "A token that may administer everything; default $SELVEDGE_TOKEN.")
          @Nullable String token,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "The data directory of a server on this machine; needs no token.")
          @Nullable Path data,
      @Option(names = "--offline", description = "The server that has --data is stopped.")
          boolean offline,
      @Mixin TrustOption tls) {
    if (offline) {
      if (data == null || server != null) {
        throw new InvalidRequestException("--offline takes --data, and no --server");
      }
      createOffline(data, Path.of(name));
      return;
    }
    Remote remote = Remote.of(server, token == null ? "" : token, data, tls.trust());
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
    JsonNode answer = remote.ask("POST", "/v1/backup?name=" + encoded, "");
    print(
        "wrote "
            + answer.path("directory").asString()
            + " on the machine of the server: "
            + summary(
                answer.path("cluster").asString(),
                answer.path("version").asString(),
                answer.path("files").asInt()));
  }

  private void createOffline(Path data, Path target) {
    Path directory = new StoreDirectory(data).store();
    if (!Files.exists(directory)) {
      throw new InvalidRequestException("there is no store in " + data);
    }
    if (!new EdgeFile(data).lacking().isEmpty()) {
      throw new InvalidRequestException(
          data + " belongs to an edge that only caches some namespaces: back up another server");
    }
    OwnerOnly.apply();
    var random = new SecureRandom();
    try (RocksStore store =
        RocksStore.open(directory, Limits.of(Profile.OPEN), InstantSource.system(), random)) {
      print("wrote " + target + ": " + summary(backup().create(store, directory, target)));
    }
  }

  @Command(
      name = "verify",
      description = "Compare every file of a backup with its sum, and open the store in it.",
      mixinStandardHelpOptions = true)
  void verify(@Parameters(paramLabel = "BACKUP", description = "The directory.") Path directory) {
    OwnerOnly.apply();
    print(directory + " is whole: " + summary(backup().verify(directory)));
  }

  @Command(
      name = "restore",
      description = {
        "Make a backup the store of a data directory that has none.",
        "The server that starts there is the origin of the same cluster, under a new epoch."
      },
      mixinStandardHelpOptions = true)
  void restore(
      @Parameters(paramLabel = "BACKUP", description = "The directory.") Path directory,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = "The data directory; it must have no store.")
          Path data) {
    OwnerOnly.apply();
    Descent restored = backup().restore(directory, data);
    print(
        "restored "
            + directory
            + " to "
            + data
            + ": cluster "
            + restored.cluster()
            + ", epoch "
            + restored.epoch()
            + ", from version "
            + restored.latest()
            + " on");
  }

  private static Backup backup() {
    return new Backup(Limits.of(Profile.OPEN), InstantSource.system(), new SecureRandom());
  }

  private static String summary(BackupManifest manifest) {
    return summary(
        manifest.cluster().toString(), manifest.version().toString(), manifest.files().size());
  }

  private static String summary(String cluster, String version, int files) {
    return "cluster " + cluster + ", version " + version + ", " + files + " files";
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
