package selvedge.cli;

import java.io.PrintWriter;
import selvedge.cli.remote.TerminalText;
import tools.jackson.databind.JsonNode;

/** The lines of a status about changes that are missing, kept aside, or of another cluster. */
final class LineageLines {
  private static final int MILLIS_PER_SECOND = 1000;

  private LineageLines() {}

  /** Prints a line for each thing that an operator must look at; none if there is none. */
  static void print(PrintWriter out, JsonNode status, String indent) {
    if (status.has("blocked")) {
      out.println(
          indent
              + "blocked: "
              + text(status, "blocked")
              + "; docs/how-to/edge-does-not-follow.md has the steps");
    }
    for (JsonNode store : status.path("unseen")) {
      out.println(
          indent
              + "unseen: "
              + TerminalText.escape(store.asString())
              + " has changes that the origin does not have: export them, then delete it");
    }
    JsonNode begun = status.path("lineage_begun");
    if (begun.isObject()) {
      out.println(
          indent
              + "lineage begun at "
              + text(begun, "at")
              + ": a replica had version "
              + begun.path("elsewhere").asLong()
              + ", and this server only its changes up to version "
              + begun.path("agreed").asLong()
              + "; export the others at that replica");
    }
    for (JsonNode cluster : status.path("refused")) {
      out.println(
          indent
              + "refused: an edge of the cluster "
              + text(cluster, "cluster")
              + ", "
              + cluster.path("asked_millis_ago").asLong() / MILLIS_PER_SECOND
              + " s ago; point it to its own origin by selvedge follow");
    }
  }

  private static String text(JsonNode node, String member) {
    return TerminalText.escape(node.path(member).asString());
  }
}
