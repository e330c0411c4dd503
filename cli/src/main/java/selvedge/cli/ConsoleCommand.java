package selvedge.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code selvedge console}. */
@Command(
    name = "console",
    description = "Print a link that signs a browser in to the console.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge console --data ./data",
      "  selvedge console https://kv.example.com --token-file token",
      "",
      "The link works once, within a minute. The browser then has the rights of the token; with"
          + " --data, those of the owner of the data directory."
    })
final class ConsoleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ConsoleCommand() {}

  @Override
  public void run() {
    Remote remote = server.remote();
    JsonNode answer = remote.request("POST", "/v1/session/codes", "");
    PrintWriter out = spec.commandLine().getOut();
    out.println(remote.uri().resolve("/") + "#/?code=" + answer.path("code").asString());
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.println("The link works once, within " + answer.path("seconds").asInt() + " seconds.");
    err.flush();
  }
}
