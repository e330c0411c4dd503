package selvedge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cluster.VoterCertificates;
import selvedge.model.InvalidRequestException;

/** {@code selvedge cluster certificates}. */
@Command(
    name = "certificates",
    description = {
      "Make the authority of a cluster and a certificate for each voter, for --cluster-ca,"
          + " --cluster-cert and --cluster-key.",
      "Files that exist are kept, so the command also makes the certificate of a later voter."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge cluster certificates a b c --directory tls",
      "  selvedge cluster certificates d --directory tls",
      "  selvedge cluster certificates a b c --directory tls --renew"
    })
final class ClusterCertificatesCommand implements Runnable {
  private static final int DAYS_MAX = 3650;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "The names of the voters.")
  private List<String> voters = List.of();

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      required = true,
      description = "Where the files are. Keep cluster-ca-key.pem away from the voters.")
  private Path directory = Path.of("");

  @Option(
      names = "--days",
      paramLabel = "NUMBER",
      defaultValue = "825",
      description = "How long the certificates of the voters are valid; default 825.")
  private int days;

  @Option(
      names = "--renew",
      description = "Replace the certificates of the voters; running voters take the new ones.")
  private boolean renews;

  @Option(names = "--dry-run", description = "Only print which files would be written.")
  private boolean rehearsal;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ClusterCertificatesCommand() {}

  @Override
  public void run() {
    if (days < 1 || days > DAYS_MAX) {
      throw new InvalidRequestException("--days must be from 1 to " + DAYS_MAX + ", got " + days);
    }
    Umask.restrict();
    var certificates = new VoterCertificates(directory, Instant.now(), new SecureRandom());
    List<VoterCertificates.Pair> pairs =
        rehearsal
            ? certificates.plan(voters, renews)
            : certificates.make(voters, renews, Duration.ofDays(days));
    PrintWriter out = spec.commandLine().getOut();
    for (VoterCertificates.Pair pair : pairs) {
      String done = rehearsal ? "would write " : "wrote ";
      out.println((pair.kept() ? "keeps " : done) + pair.certificate() + " and " + pair.key());
    }
    out.flush();
  }
}
