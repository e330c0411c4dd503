package selvedge.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code selvedge compact}. */
@Command(
    name = "compact",
    description =
        "Write the files of a server's store anew, which frees the space of deleted data.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge compact --data /var/lib/selvedge",
      "",
      "The server frees space by itself; this command frees all of it now. It needs as much free",
      "disk as the largest table takes. The server answers requests meanwhile."
    })
final class CompactCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  CompactCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Remote remote = server.remote();
    JsonNode answer = remote.request("POST", "/v1/compact", "");
    out.println(
        remote.uri()
            + " has "
            + answer.path("bytes_after").asLong()
            + " bytes in its tables, "
            + answer.path("bytes_before").asLong()
            + " before");
    out.flush();
  }
}
