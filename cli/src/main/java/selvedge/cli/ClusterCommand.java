package selvedge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;

/** {@code selvedge cluster}. */
@Command(
    name = "cluster",
    description = "Change the cluster that a data directory belongs to.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  selvedge cluster new-identity --data /var/lib/selvedge-copy"})
final class ClusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ClusterCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: new-identity");
  }

  @Command(
      name = "new-identity",
      description = "Start a new cluster from the data of a stopped origin.",
      mixinStandardHelpOptions = true)
  void newIdentity(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = "The data directory, for example a copy of another one.")
          Path data,
      @Mixin EncryptionOption encryption) {
    var directory = new StoreDirectory(data, encryption.keys());
    if (!Files.exists(directory.store())) {
      throw new InvalidRequestException(
          "no store in " + data + ": --data must be the data directory of a server");
    }
    new EdgeFile(data)
        .read()
        .ifPresent(
            origin -> {
              throw new InvalidRequestException(
                  data
                      + " is the data of an edge, which belongs to the cluster of its origin "
                      + origin);
            });
    Umask.restrict();
    var random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    try (RocksStore store = directory.open(Limits.of(Profile.OPEN), clock, random)) {
      Descent before = Descent.of(store);
      NewLineage.beginCluster(store, clock.instant(), random);
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          data + ": changed cluster " + before.cluster() + " to " + Descent.of(store).cluster());
      out.flush();
    }
  }
}
