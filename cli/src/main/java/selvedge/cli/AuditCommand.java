package selvedge.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import tools.jackson.databind.JsonNode;

/** {@code selvedge audit}. */
@Command(
    name = "audit",
    description = "Print the administrative acts of a cluster, oldest first.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge audit --data ./data",
      "  selvedge audit http://10.0.0.1:5820 --token-file token --json > audit.ndjson",
      "  selvedge audit --data ./data --after 120",
      "",
      "The server keeps the newest acts, as many as the limit audit-records."
    })
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Print only the acts after this number.")
  private long after;

  @Option(names = "--json", description = "Print one JSON object per act.")
  private boolean json;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  AuditCommand() {}

  @Override
  public void run() {
    Remote remote = server.remote();
    PrintWriter out = spec.commandLine().getOut();
    long position = after;
    boolean complete = false;
    while (!complete) {
      JsonNode page = remote.get("/v1/audit?after=" + position);
      page.path("acts").forEach(act -> print(out, act));
      complete = !page.has("next");
      position = page.path("next").asLong(position);
    }
    out.flush();
  }

  private void print(PrintWriter out, JsonNode act) {
    if (json) {
      out.println(act);
      return;
    }
    JsonNode result = act.path("result");
    String changed = result.isMissingNode() ? "" : " " + result;
    String server = act.has("server") ? " at " + act.path("server").asString() : "";
    String leftOut =
        act.has("left_out")
            ? " (" + act.path("left_out").asLong() + " refused acts before it are not recorded)"
            : "";
    out.printf(
        "%6d  %-24s %3d  %-18s %-34s %-21s %s%n",
        act.path("number").asLong(),
        act.path("time").asString(),
        act.path("status").asInt(),
        TerminalText.escape(act.path("operation").asString()),
        TerminalText.escape(act.path("actor").asString()),
        act.path("address").asString(),
        TerminalText.escape(act.path("target").asString() + server + changed + leftOut));
  }
}
