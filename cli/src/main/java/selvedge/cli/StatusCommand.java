package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.engine.replication.Openings;
import selvedge.model.Version;
import tools.jackson.databind.JsonNode;

/** {@code selvedge status}. */
@Command(
    name = "status",
    description = "Show a server and its edges: versions, ages and propagation times.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge status",
      "  selvedge status http://10.0.0.1:5820 --token-file token",
      "  selvedge status --json",
      "",
      "BEHIND counts missing changes. AGE is the time since the edge had all changes of its"
          + " origin.",
      "P50, P99 and MAX are propagation times of the changes of the last minutes."
    })
final class StatusCommand implements Runnable {
  private static final String FORM = "%-28s %10s %8s %10s %9s %9s %9s  %s%n";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "${env:SELVEDGE_URL:-http://127.0.0.1:5820}",
      description = "The server; default $SELVEDGE_URL, or http://127.0.0.1:5820.")
  private @Nullable URI server;

  @Mixin private TokenOption token;

  @Option(names = "--json", description = "Print the JSON of the server.")
  private boolean json;

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  StatusCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    URI uri = server == null ? URI.create("http://127.0.0.1:5820") : server;
    JsonNode status = new Remote(uri, token.value(), tls.trust()).get("/v1/status");
    if (json) {
      out.println(status);
    } else {
      out.printf(
          Locale.ROOT, FORM, "LOCATION", "VERSION", "BEHIND", "AGE", "P50", "P99", "MAX", "STATE");
      print(out, status, "", Newest.of(status), "");
      printMetadata(out, status);
    }
    out.flush();
  }

  /**
   * The version of the queried server.
   *
   * @param openings the starts of the origin, between which version numbers are skipped
   */
  private record Newest(Version version, Openings openings) {
    static Newest of(JsonNode status) {
      StringJoiner lines = new StringJoiner("\n");
      status.path("openings").forEach(line -> lines.add(line.asString()));
      return new Newest(
          new Version(status.path("version").asLong()), Openings.parse(lines.toString()));
    }

    long changesAfter(long after) {
      return openings.changes(new Version(after), version);
    }
  }

  private static void print(
      PrintWriter out, JsonNode status, String indent, Newest newest, String suffix) {
    long version = status.path("version").asLong();
    JsonNode propagation = status.path("propagation");
    boolean measured = propagation.path("count").asInt() > 0;
    out.printf(
        Locale.ROOT,
        FORM,
        indent + TerminalText.escape(status.path("location").asString()),
        version,
        newest.changesAfter(version),
        status.path("age_millis").isNull() ? "unknown" : millis(status.path("age_millis")),
        measured ? millis(propagation.path("p50_millis")) : "-",
        measured ? millis(propagation.path("p99_millis")) : "-",
        measured ? millis(propagation.path("max_millis")) : "-",
        TerminalText.escape(state(status) + doubt(status)) + suffix);
    for (JsonNode damage : status.path("damage")) {
      out.println(indent + "  damaged: " + TerminalText.escape(damage.asString()));
    }
    LineageLines.print(out, status, indent + "  ");
    printEncryption(out, status.path("encryption"), indent + "  ");
    if (status.has("quorum")) {
      boolean isLogEncrypted = status.path("quorum").path("log_encrypted").asBoolean();
      out.println(
          indent
              + "  encryption: store "
              + onOrOff(status.has("encryption"))
              + ", log of the quorum "
              + onOrOff(isLogEncrypted));
    }
    for (JsonNode edge : status.path("edges")) {
      long silent = edge.path("told_millis_ago").asLong();
      String silence = silent > 10_000 ? ", no report for " + silent / 1000 + " s" : "";
      print(out, edge.path("status"), indent + "  ", newest, silence);
    }
    if (status.has("edges_omitted")) {
      out.println(
          indent
              + "  "
              + status.path("edges_omitted").asLong()
              + " edges follow it: ask it for them");
    }
  }

  private static String onOrOff(boolean isOn) {
    return isOn ? "on" : "off";
  }

  private static void printEncryption(PrintWriter out, JsonNode encryption, String indent) {
    int rewritten = encryption.path("rewritten_percent").asInt(100);
    String failure = encryption.path("failure").asString("");
    String trouble = encryption.path("key_trouble").asString("");
    long earlier = encryption.path("earlier_keys_until").asLong(0);
    if (!failure.isEmpty()) {
      out.println(indent + "rewriting has stopped: " + TerminalText.escape(failure));
    } else if (rewritten < 100) {
      out.println(
          indent
              + (encryption.path("complete").asBoolean() ? "encrypting again: " : "encrypting: ")
              + rewritten
              + " % under the master key "
              + TerminalText.escape(encryption.path("master_key").asString()));
    } else if (earlier > 0) {
      out.println(
          indent
              + "encrypted again, except changes up to version "
              + earlier
              + ": the journal has them under earlier data keys until the feed is trimmed");
    }
    if (!trouble.isEmpty()) {
      out.println(
          indent
              + "no new data key, so the last one remains in use: "
              + TerminalText.escape(trouble));
    }
  }

  /** Prints one line for all servers, because edges have the same entries as their origin. */
  private static void printMetadata(PrintWriter out, JsonNode status) {
    long count = status.path("metadata_not_json").asLong(0);
    if (count > 0) {
      out.println();
      out.printf(
          Locale.ROOT,
          "%d %s metadata that is not JSON and is returned as a string. Write them again.%n",
          count,
          count == 1 ? "entry has" : "entries have");
    }
  }

  private static String state(JsonNode status) {
    if (status.path("role").asString().equals("origin")) {
      return "origin";
    }
    String since = " since " + status.path("since").asString();
    return (status.path("connected").asBoolean()
            ? "connected" + since
            : "disconnected" + since + ": " + status.path("trouble").asString(""))
        + tokens(status.path("revocation"));
  }

  /**
   * Returns a warning for an edge that has been disconnected for more than half of its revocation
   * bound.
   */
  private static String tokens(JsonNode revocation) {
    long cutOff = revocation.path("cut_off_seconds").asLong();
    long bound = revocation.path("bound_seconds").asLong();
    if (revocation.path("refuses").asBoolean()) {
      return "; REFUSES TOKENS, disconnected for " + cutOff + " s";
    }
    return cutOff * 2 > bound ? "; refuses tokens in " + (bound - cutOff) + " s" : "";
  }

  private static String doubt(JsonNode status) {
    String doubt = status.path("clock_doubt").asString("");
    return doubt.isEmpty() ? "" : ", frees no expired entries: " + doubt;
  }

  private static String millis(JsonNode number) {
    return String.format(Locale.ROOT, "%.1f ms", number.asDouble());
  }
}
