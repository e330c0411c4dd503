package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.tls.TrustOption;

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

  @Parameters(paramLabel = "URL", arity = "0..1", description = "The server; or use --data.")
  private @Nullable URI server;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of a server that runs on this machine; no token needed.")
  private @Nullable Path data;

  @Mixin private TokenOption token;

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ConfirmClockCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Remote remote = Remote.of(server, token.value(), data, tls.trust());
    remote.request("POST", "/v1/confirm-clock", "");
    out.println(remote.uri() + " frees expired entries again");
    out.flush();
  }
}
