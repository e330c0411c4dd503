package selvedge.cli.kv;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.cli.remote.TrustOption;

/** {@code selvedge context}. */
@Command(
    name = "context",
    description = "Save servers under names, and choose the one that selvedge kv uses.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge context set prod --server https://kv.example:5820 --token-file ~/.kv-token",
      "  selvedge context use prod",
      "  selvedge context list",
      "  selvedge context remove prod",
      "",
      "They are in $XDG_CONFIG_HOME/selvedge/contexts.json, which only you can read."
    })
public final class ContextCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ContextCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "missing command: one of set, use, list or remove");
  }

  @Command(
      name = "set",
      description = "Save a server. The first one is used at once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer =
          "  selvedge context set prod --server https://kv.example:5820 --token-file ~/.kv-token")
  void set(
      @Parameters(paramLabel = "NAME", description = "The name of the context.") String name,
      @Option(
              names = "--server",
              paramLabel = "URL",
              required = true,
              description = "The address of the server.")
          URI server,
      @Option(
              names = "--token-file",
              paramLabel = "FILE",
              defaultValue = "",
              description = "A file with the token, read at each use.")
          String tokenFile,
      @Option(
              names = "--token",
              paramLabel = "T",
              defaultValue = "",
              description = "The token itself, which is saved with the context.")
          String token,
      @Mixin TrustOption trust) {
    Connection.requireWeb(server);
    Contexts.ofUser()
        .set(
            name, new Contexts.Context(server, token, absolute(tokenFile), absolute(trust.file())));
  }

  private static String absolute(String file) {
    return file.isEmpty() ? "" : Path.of(file).toAbsolutePath().toString();
  }

  @Command(
      name = "use",
      description = "Use a saved server from now on.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge context use prod")
  void use(@Parameters(paramLabel = "NAME", description = "The name of the context.") String name) {
    Contexts.ofUser().use(name);
  }

  @Command(
      name = "list",
      description = "List the saved servers. A star marks the one in use.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge context list")
  void list() {
    Contexts contexts = Contexts.ofUser();
    PrintWriter out = spec.commandLine().getOut();
    var table = new Table("", "NAME", "SERVER", "TOKEN");
    contexts
        .all()
        .forEach(
            (name, context) ->
                table.row(
                    contexts.current().equals(java.util.Optional.of(name)) ? "*" : "",
                    TerminalText.escape(name),
                    context.server().toString(),
                    !context.tokenFile().isEmpty()
                        ? "in " + context.tokenFile()
                        : context.token().isEmpty() ? "none" : "saved"));
    table.print(out);
  }

  @Command(
      name = "remove",
      description = "Forget a saved server.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge context remove prod")
  void remove(
      @Parameters(paramLabel = "NAME", description = "The name of the context.") String name) {
    Contexts.ofUser().remove(name);
  }
}
