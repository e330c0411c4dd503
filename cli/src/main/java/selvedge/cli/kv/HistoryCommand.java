package selvedge.cli.kv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code selvedge kv history}. */
@Command(
    name = "history",
    description = "Print the versions of a key, as far back as the server keeps changes.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv history -n sessions user:1",
      "  selvedge kv restore -n sessions user:1 --version 1234"
    })
final class HistoryCommand implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** One of them is in each line of an answer. */
  private static final List<String> MEMBERS = List.of("version", "progress", "complete", "error");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private final NamespaceOption option = new NamespaceOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  HistoryCommand() {}

  static String target(String namespace, String key) {
    return "v1/namespaces/" + Rest.encode(namespace) + "/history/" + Rest.encode(key);
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    var table = new Table("VERSION", "TIME", "CHANGE", "BYTES", "METADATA");
    String end = "";
    try (Rest rest = option.connection().rest();
        var lines =
            new BufferedReader(
                new InputStreamReader(
                    rest.open("GET", target(option.name(), key), ""), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = parse(rest, line);
        if (json.has("error")) {
          throw new InvalidRequestException(
              TerminalText.escape(json.path("error").path("message").asString()));
        }
        if (json.has("complete")) {
          end = end(json);
        }
        if (output.isJson() && !json.has("progress")) {
          out.println(line);
        } else if (json.has("version")) {
          table.row(cells(json));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the answer of " + option.connection().endpoint().uri(), e);
    }
    table.print(out);
    if (!output.isJson()) {
      out.println(end);
    }
  }

  private JsonNode parse(Rest rest, String line) {
    try {
      JsonNode json = JSON.readTree(line);
      if (MEMBERS.stream().anyMatch(json::has)) {
        return json;
      }
    } catch (JacksonException e) {
      // The message is that of an unknown form.
    }
    throw rest.unknownForm("GET", target(option.name(), key));
  }

  private static String[] cells(JsonNode json) {
    return new String[] {
      json.path("version").asString(),
      json.path("at").asString(),
      json.path("type").asString(),
      json.path("size").asString(""),
      json.has("metadata") ? TerminalText.escape(json.path("metadata").toString()) : ""
    };
  }

  private static String end(JsonNode json) {
    JsonNode since = json.path("since");
    return since.isMissingNode()
        ? "complete: these are all changes of the key"
        : TerminalText.escape(
            "changes before version "
                + since.path("version").asString()
                + " ("
                + since.path("at").asString()
                + ") are not kept: "
                + json.path("why").asString());
  }
}
