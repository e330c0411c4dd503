package selvedge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** {@code selvedge promote}. */
@Command(
    name = "promote",
    description = "Make an edge the origin, with a new epoch.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge promote http://10.0.0.2:5820 --token-file token",
      "  selvedge promote --data /var/lib/selvedge",
      "",
      "Stop the old origin first: writes that it still accepts are lost."
          + " docs/how-to/lost-origin.md has the steps."
    })
final class PromoteCommand implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int PAUSES = 600;

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = "--force",
      description =
          "Promote while the old origin still answers; writes that it accepts from now on are"
              + " lost.")
  private boolean force;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  PromoteCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Remote edge = server.remote();
    JsonNode before = edge.get("/v1/status");
    if (!before.path("role").asString().equals("edge")) {
      throw new InvalidRequestException(edge.uri() + " is already the origin");
    }
    edge.request("POST", "/v1/promote?force=" + force, "");
    JsonNode after = await(edge);
    out.println(
        edge.uri()
            + " is now the origin, at version "
            + after.path("version").asLong()
            + ", epoch "
            + after.path("epoch").asLong());
    out.println("start the other edges with --origin " + edge.uri());
    out.flush();
  }

  private static JsonNode await(Remote edge) {
    for (int i = 0; i < PAUSES; i++) {
      JsonNode status = edge.get("/v1/status");
      if (status.path("role").asString().equals("origin")) {
        return status;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new UncheckedIOException(
        new IOException("the edge did not become the origin within 60 s; see its log"));
  }
}
