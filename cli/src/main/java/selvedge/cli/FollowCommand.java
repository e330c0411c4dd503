package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.tls.TrustOption;
import selvedge.model.InvalidRequestException;

/** {@code selvedge follow}. */
@Command(
    name = "follow",
    description = "Tell an edge that runs to follow another process.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge follow http://10.0.0.2:5820 --edge http://10.0.0.3:5820 --token-file token",
      "  selvedge follow http://10.0.0.2:5820 --data /var/lib/selvedge",
      "",
      "The edge remembers it for as long as it is started with the --origin that it has now."
    })
final class FollowCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "Whom to follow.")
  private @Nullable URI origin;

  @Option(names = "--edge", paramLabel = "URL", description = "The edge; or give --data.")
  private @Nullable URI edge;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of an edge that runs on this machine; needs no token.")
  private @Nullable Path data;

  @Mixin private TokenOption token;

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  FollowCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (origin == null) {
      throw new InvalidRequestException("give the address of the server to follow");
    }
    Remote remote = Remote.of(edge, token.value(), data, tls.trust());
    String encoded = URLEncoder.encode(origin.toString(), StandardCharsets.UTF_8);
    remote.ask("POST", "/v1/follow?origin=" + encoded, "");
    out.println(remote.uri() + " follows " + origin + " from now on");
    out.flush();
  }
}
