package selvedge.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code selvedge retire}. */
@Command(
    name = "retire",
    description = "Remove a stopped edge from the status of the server that it followed.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  selvedge retire fra --data /var/lib/selvedge"})
final class RetireCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "LOCATION", description = "Name of the edge in selvedge status.")
  private String location = "";

  @Mixin private ServerFlags server = new ServerFlags();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  RetireCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Remote remote = server.remote();
    String encoded = URLEncoder.encode(location, StandardCharsets.UTF_8);
    remote.request("DELETE", "/v1/edges?location=" + encoded, "");
    out.println(remote.uri() + " has forgotten the edge " + location);
    out.flush();
  }
}
