package selvedge.cli.kv;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.client.Client;
import tools.jackson.databind.JsonNode;

/** {@code selvedge kv namespace}. */
@Command(
    name = "namespace",
    description = "List, create, rename and delete namespaces.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv namespace create sessions",
      "  selvedge kv namespace list -o json",
      "  selvedge kv namespace rename sessions sessions-2026",
      "  selvedge kv namespace delete sessions-2026"
    })
final class NamespaceCommand implements Runnable {
  private static final int PAGE = 1000;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  NamespaceCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "missing command: one of list, create, rename or delete");
  }

  @Command(
      name = "list",
      description = "List the namespaces with their ids.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  selvedge kv namespace list", "  selvedge kv namespace list -o json"})
  void list(@Mixin OutputOption output, @Mixin Connection connection) {
    PrintWriter out = spec.commandLine().getOut();
    var table = new Table("TITLE", "ID");
    try (Rest rest = connection.rest()) {
      String account = rest.require(rest.json("GET", "v1/usage"), "v1/usage", "account").asString();
      String target = "client/v4/accounts/" + account + "/storage/kv/namespaces?per_page=" + PAGE;
      JsonNode page;
      int number = 1;
      do {
        page = rest.require(rest.json("GET", target + "&page=" + number++), target, "result");
        for (JsonNode namespace : page) {
          if (output.isJson()) {
            out.println(namespace);
          } else {
            table.row(
                TerminalText.escape(namespace.path("title").asString()),
                namespace.path("id").asString());
          }
        }
      } while (page.size() == PAGE);
    }
    table.print(out);
  }

  @Command(
      name = "create",
      description = "Create a namespace.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv namespace create sessions")
  void create(
      @Parameters(paramLabel = "TITLE", description = "Its title.") String title,
      @Mixin Connection connection) {
    try (Client client = connection.client();
        Rest rest = connection.rest()) {
      rest.requireSelvedge();
      client.create(title);
      spec.commandLine()
          .getOut()
          .println(rest.json("GET", "v1/namespaces/" + Rest.encode(title)).path("id").asString());
    }
  }

  @Command(
      name = "rename",
      description = "Give a namespace another title. Its id and its keys remain.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv namespace rename sessions sessions-2026")
  void rename(
      @Parameters(paramLabel = "TITLE", description = "Its title, or its id.") String name,
      @Parameters(paramLabel = "NEW", description = "Its new title.") String title,
      @Mixin Connection connection) {
    try (Client client = connection.client();
        Rest rest = connection.rest()) {
      client.rename(rest.title(name), title);
    }
  }

  @Command(
      name = "delete",
      description = "Delete a namespace with all its keys.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv namespace delete sessions-2026")
  void delete(
      @Parameters(paramLabel = "TITLE", description = "Its title, or its id.") String name,
      @Mixin Connection connection) {
    try (Client client = connection.client();
        Rest rest = connection.rest()) {
      client.delete(rest.title(name));
    }
  }
}
