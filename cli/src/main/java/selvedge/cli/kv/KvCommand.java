package selvedge.cli.kv;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import selvedge.client.IncompatibleException;

/** {@code selvedge kv}. */
@Command(
    name = "kv",
    description = "Namespaces and keys of a server: read, change, move and follow them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      NamespaceCommand.class,
      EntryCommand.class,
      BulkCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      CopyCommand.class,
      CompareCommand.class,
      WatchCommand.class,
      CountCommand.class,
      HistoryCommand.class,
      RestoreCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv namespace create sessions",
      "  selvedge kv key put -n sessions user:1 '{\"plan\":\"pro\"}' --ttl 3600",
      "  selvedge kv key get -n sessions user:1",
      "  selvedge kv key list -n sessions --prefix user: -o json",
      "  selvedge kv export -n sessions sessions.ndjson.gz",
      "  selvedge kv copy --from cloudflare:ACCOUNT/NAMESPACE --to sessions",
      "  selvedge kv watch -n sessions",
      "",
      "The server: --server, $SELVEDGE_SERVER, a context (selvedge context), or",
      "127.0.0.1:5820."
    })
public final class KvCommand implements Runnable {
  /** What an exit status means, unless a command says more. */
  private static final Map<String, String> EXIT_STATUS =
      Map.of("0", "done", "1", "failed; the message says why", "2", "wrong usage");

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  KvCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: one of namespace, key, bulk, import, export, copy, compare, watch, count,"
            + " history or restore");
  }

  /** Adds the exit statuses to the help of a command and of those below it, options in order. */
  public static void completeHelp(CommandLine command) {
    UsageMessageSpec help = command.getCommandSpec().usageMessage();
    Map<String, String> meanings = new TreeMap<>(EXIT_STATUS);
    meanings.putAll(help.exitCodeList());
    help.exitCodeListHeading("%nExit status:%n").exitCodeList(meanings);
    help.sortOptions(false);
    command.getSubcommands().values().forEach(KvCommand::completeHelp);
  }

  /** Adds the releases of the servers of a command to the message of a failure. */
  public static String explain(IncompatibleException failure, CommandSpec command) {
    return ServerRelease.explain(failure, command);
  }

  /**
   * Returns the arguments in today's spelling: {@code kv:key put} of old versions of wrangler is
   * {@code kv key put}.
   */
  public static String[] modern(String[] arguments) {
    if (arguments.length == 0 || !arguments[0].startsWith("kv:")) {
      return arguments;
    }
    String[] modern = new String[arguments.length + 1];
    modern[0] = "kv";
    modern[1] = arguments[0].substring("kv:".length());
    System.arraycopy(arguments, 1, modern, 2, arguments.length - 1);
    return modern;
  }
}
