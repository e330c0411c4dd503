package selvedge.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code selvedge confirm-clock}. */
@Command(
    name = "confirm-clock",
    description = "Confirm that the clock of a server is right.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge confirm-clock http://10.0.0.1:5820 --token-file token",
      "",
      "After a clock jump a server stops freeing expired entries; selvedge status shows the reason."
    })
final class ConfirmClockCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ConfirmClockCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Remote remote = server.remote();
    remote.request("POST", "/v1/confirm-clock", "");
    out.println(remote.uri() + " frees expired entries again");
    out.flush();
  }
}
