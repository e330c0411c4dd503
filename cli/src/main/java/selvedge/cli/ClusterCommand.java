package selvedge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.server.voter.VoterDirectory;

/** {@code selvedge cluster}. */
@Command(
    name = "cluster",
    description = "Show and change the voters of a cluster, and what a data directory belongs to.",
    mixinStandardHelpOptions = true,
    subcommands = {ClusterStatusCommand.class, ClusterCertificatesCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge cluster certificates a b c --directory tls",
      "  selvedge cluster status --server http://10.0.0.1:5820 --token-file root-token",
      "  selvedge cluster replace c d --dry-run",
      "  selvedge cluster new-identity --data /var/lib/selvedge-copy"
    })
final class ClusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ClusterCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: one of status, certificates, add, remove, replace, step-down,"
            + " upgrade, init, end, recover or new-identity");
  }

  @Command(
      name = "add",
      description = "Make a voter of an empty server, which was started with --join and waits.",
      mixinStandardHelpOptions = true)
  void add(
      @Parameters(paramLabel = "NAME", description = "The name of the server.") String node,
      @Mixin ClusterChange change) {
    change.add(node, spec.commandLine().getOut());
  }

  @Command(
      name = "remove",
      description = "Remove a voter, whether it runs or is lost.",
      mixinStandardHelpOptions = true)
  void remove(
      @Parameters(paramLabel = "NAME", description = "The name of the voter.") String node,
      @Mixin ClusterChange change) {
    change.remove(node, spec.commandLine().getOut());
  }

  @Command(
      name = "replace",
      description = "Put a server that was started with --join in the place of a voter.",
      mixinStandardHelpOptions = true)
  void replace(
      @Parameters(paramLabel = "NAME", description = "The name of the voter.") String node,
      @Parameters(
              arity = "0..1",
              paramLabel = "NEXT",
              defaultValue = "",
              description = "The name of the server; default the same name.")
          String next,
      @Mixin ClusterChange change) {
    change.replace(node, next.isEmpty() ? node : next, spec.commandLine().getOut());
  }

  @Command(
      name = "step-down",
      description = "Let another voter lead.",
      mixinStandardHelpOptions = true)
  void stepDown(
      @Option(
              names = "--to",
              paramLabel = "NAME",
              defaultValue = "",
              description = "The voter that must lead; default any.")
          String next,
      @Mixin ClusterChange change) {
    change.stepDown(next, spec.commandLine().getOut());
  }

  @Command(
      name = "upgrade",
      description = {
        "Let the voters write in the newest form that all of them know, once the new release runs"
            + " on each of them.",
        "Older releases cannot read the files of a voter afterwards."
      },
      mixinStandardHelpOptions = true)
  void upgrade(@Mixin ClusterChange change) {
    change.upgrade(spec.commandLine().getOut());
  }

  @Command(
      name = "init",
      description = {
        "Make a single machine the first voter of a cluster, with all its data.",
        "The server may run meanwhile; start it again with --node and --cluster afterwards."
      },
      mixinStandardHelpOptions = true)
  void init(
      @Parameters(paramLabel = "NAME", description = "The name of the voter.") String node,
      @Mixin VoterDirectoryOption directory) {
    directory.voter().begin(node, directory.isRehearsal());
    print(
        directory.isRehearsal()
            ? List.of("dry run: nothing is changed; the server can become the voter " + node)
            : List.of(
                "the next start makes this server the voter " + node,
                "start it with: --node "
                    + node
                    + " --cluster "
                    + node
                    + "=HOST:PORT, where HOST:PORT is for other voters"));
  }

  @Command(
      name = "end",
      description = "Make the only voter of a cluster, which is stopped, a single machine.",
      mixinStandardHelpOptions = true)
  void end(@Mixin VoterDirectoryOption directory) {
    directory.voter().end(directory.isRehearsal());
    print(
        List.of(
            directory.isRehearsal()
                ? "dry run: nothing is changed; the voter can become a single machine"
                : "this is a single machine from now on: start it without --node and --cluster"));
  }

  @Command(
      name = "recover",
      description = {
        "Continue with one stopped voter, after a majority of the voters was lost for good.",
        "It may lose acknowledged writes, begins a new lineage, and says both. Run it with"
            + " --dry-run on each voter that is left, and then on the one with the highest version."
      },
      mixinStandardHelpOptions = true)
  void recover(
      @Mixin VoterDirectoryOption directory,
      @Option(
              names = "--accept-loss",
              description = "Do it: writes that only the lost voters have are gone.")
          boolean accepted) {
    if (!directory.isRehearsal() && !accepted) {
      throw new InvalidRequestException(
          "acknowledged writes may be lost: see --dry-run first, then give --accept-loss");
    }
    if (directory.isRehearsal()) {
      print(List.of("dry run: nothing is changed"));
    }
    print(directory.voter().recover(directory.isRehearsal()));
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
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
    VoterDirectory.requireNone(data);
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
