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
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.model.InvalidRequestException;

/** {@code selvedge follow}. */
@Command(
    name = "follow",
    description = "Make a running edge follow another server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge follow http://10.0.0.2:5820 --edge http://10.0.0.3:5820 --token-file token",
      "  selvedge follow http://10.0.0.2:5820 --data /var/lib/selvedge",
      "",
      "The new origin stays in effect after restarts until the edge is started with another"
          + " --origin."
    })
final class FollowCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The server to follow.")
  private @Nullable URI origin;

  @Option(names = "--edge", paramLabel = "URL", description = "The edge; or use --data.")
  private @Nullable URI edge;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of an edge that runs on this machine; no token needed.")
  private @Nullable Path data;

  @Mixin private TokenOption token;

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  FollowCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (origin == null) {
      throw new InvalidRequestException("missing URL of the server to follow");
    }
    Remote remote = Remote.of(edge, token.value(), data, tls.trust());
    String encoded = URLEncoder.encode(origin.toString(), StandardCharsets.UTF_8);
    remote.request("POST", "/v1/follow?origin=" + encoded, "");
    out.println(remote.uri() + " now follows " + origin);
    out.flush();
  }
}
