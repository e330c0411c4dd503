package selvedge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;
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
    description = "Change the identity of the cluster that data belongs to.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  selvedge cluster new-identity --data /var/lib/selvedge-copy"})
final class ClusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ClusterCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: new-identity");
  }

  @Command(
      name = "new-identity",
      description = "Make the data of a stopped origin the first of a new cluster.",
      mixinStandardHelpOptions = true)
  void newIdentity(
      @Option(
              names = "--data",
              paramLabel = "DIR",
              required = true,
              description = "The data directory, such as a copy of another one.")
          Path data) {
    Path directory = new StoreDirectory(data).store();
    if (!Files.exists(directory)) {
      throw new InvalidRequestException("there is no store in " + data);
    }
    new EdgeFile(data)
        .read()
        .ifPresent(
            origin -> {
              throw new InvalidRequestException(
                  data + " belongs to an edge, whose cluster is that of its origin " + origin);
            });
    OwnerOnly.apply();
    var random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    try (RocksStore store = RocksStore.open(directory, Limits.of(Profile.OPEN), clock, random)) {
      Descent before = Descent.of(store);
      NewLineage.beginCluster(store, clock.instant(), random);
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          data
              + " belonged to the cluster "
              + before.cluster()
              + " and belongs to the cluster "
              + Descent.of(store).cluster()
              + " now");
      out.flush();
    }
  }
}
