package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.engine.Backup;
import selvedge.engine.BackupManifest;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.server.audit.Act;
import selvedge.server.audit.PendingActs;
import tools.jackson.databind.JsonNode;

/** {@code selvedge backup}. */
@Command(
    name = "backup",
    description = "Create, verify and restore backups.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge backup create monday --server http://10.0.0.1:5820 --token-file token",
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
    throw new ParameterException(
        spec.commandLine(), "missing command: one of create, verify or restore");
  }

  @Command(
      name = "create",
      description = {
        "Write a backup of one version of the store.",
        "A running server writes it to NAME in its backup-dir and accepts writes meanwhile."
      },
      mixinStandardHelpOptions = true)
  void create(
      @Parameters(
              paramLabel = "NAME",
              description = "The directory in backup-dir; with --offline, any new directory.")
          String name,
      @Option(names = "--server", paramLabel = "URL", description = "The server.")
          @Nullable URI server,
      @Mixin TokenOption token,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "The data directory of a server on this machine; no token needed.")
          @Nullable Path data,
      @Option(names = "--offline", description = "Read the data directory of a stopped server.")
          boolean offline,
      @Mixin TrustOption tls,
      @Mixin EncryptionOption encryption) {
    if (offline) {
      if (data == null || server != null) {
        throw new InvalidRequestException("--offline requires --data and excludes --server");
      }
      createOffline(data, Path.of(name), encryption.keys());
      return;
    }
    Remote remote = Remote.of(server, token.value(), data, tls.trust());
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
    JsonNode response = remote.request("POST", "/v1/backup?name=" + encoded, "");
    print(
        "wrote "
            + response.path("directory").asString()
            + " on the server: "
            + summary(
                response.path("cluster").asString(),
                response.path("version").asString(),
                response.path("files").asInt()));
  }

  private void createOffline(Path data, Path target, MasterKeys keys) {
    var directory = new StoreDirectory(data, keys);
    if (!Files.exists(directory.store())) {
      throw new InvalidRequestException(
          "no store in " + data + ": --data must be the data directory of a server");
    }
    if (!new EdgeFile(data).lacking().isEmpty()) {
      throw new InvalidRequestException(
          data
              + " is the data of an edge that caches namespaces: back up a server that has all"
              + " data");
    }
    Umask.restrict();
    var random = new SecureRandom();
    try (RocksStore store =
        directory.open(Limits.of(Profile.OPEN), InstantSource.system(), random)) {
      print(
          "wrote "
              + target
              + ": "
              + summary(backup(keys).create(store, directory.store(), target)));
    }
  }

  @Command(
      name = "verify",
      description = "Check the checksum of each file of a backup, and open its store.",
      mixinStandardHelpOptions = true)
  void verify(
      @Parameters(paramLabel = "BACKUP", description = "The directory.") Path directory,
      @Mixin EncryptionOption encryption) {
    Umask.restrict();
    print(directory + " is valid: " + summary(backup(encryption.keys()).verify(directory)));
  }

  @Command(
      name = "restore",
      description = {
        "Copy a backup into a data directory without a store.",
        "A server that is started there is the origin of the same cluster, with a new epoch."
      },
      mixinStandardHelpOptions = true)
  void restore(
      @Parameters(paramLabel = "BACKUP", description = "The directory.") Path directory,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = "The data directory; it must not have a store.")
          Path data,
      @Mixin EncryptionOption encryption) {
    Umask.restrict();
    Descent restored = backup(encryption.keys()).restore(directory, data);
    recordRestore(directory, data, restored);
    print(
        "restored "
            + directory
            + " to "
            + data
            + ": cluster "
            + restored.cluster()
            + ", epoch "
            + restored.epoch()
            + ", version "
            + restored.latest());
  }

  /** Leaves the act for the audit of the server that starts on the directory. */
  private static void recordRestore(Path backup, Path data, Descent restored) {
    new PendingActs(data, Limits.of(Profile.OPEN))
        .add(
            new Act(
                InstantSource.system().instant(),
                TokenAdmin.OWNER,
                "",
                "restore backup",
                backup.toString(),
                Map.of("version", restored.latest().toString()),
                200,
                0,
                ""));
  }

  private static Backup backup(MasterKeys keys) {
    return new Backup(Limits.of(Profile.OPEN), InstantSource.system(), new SecureRandom(), keys);
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
