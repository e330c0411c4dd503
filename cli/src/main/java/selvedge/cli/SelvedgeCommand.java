package selvedge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import selvedge.cli.generate.GenerateCommand;
import selvedge.cli.kv.ContextCommand;
import selvedge.cli.kv.KvCommand;
import selvedge.cli.worker.DevCommand;
import selvedge.cli.worker.WorkerConfigCommand;
import selvedge.client.IncompatibleException;
import selvedge.engine.files.FileFailures;
import selvedge.model.SelvedgeException;

/** The command {@code selvedge}. */
@Command(
    name = "selvedge",
    description = "Workers KV that you run yourself.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    subcommands = {
      ServeCommand.class,
      TokenCommand.class,
      StatusCommand.class,
      VerifyCommand.class,
      PromoteCommand.class,
      FollowCommand.class,
      AuditCommand.class,
      ConsoleCommand.class,
      ConfirmClockCommand.class,
      DoctorCommand.class,
      CompactCommand.class,
      RetireCommand.class,
      ConfigCommand.class,
      ExportCommand.class,
      BackupCommand.class,
      KeyCommand.class,
      ClusterCommand.class,
      DevCommand.class,
      WorkerConfigCommand.class,
      KvCommand.class,
      ContextCommand.class,
      GenerateCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge serve                              on 127.0.0.1:5820, data in ./data",
      "  selvedge serve --listen 0.0.0.0:5820 --root-token-file /etc/selvedge/token",
      "  selvedge token create --name ci --grant write",
      "  selvedge status                             the edges and how far behind they are",
      "  selvedge kv key put -n site greeting hello  a key of a server",
      "  selvedge dev examples/workers/sessions      a Worker on a local server",
      "  selvedge help serve"
    })
public final class SelvedgeCommand implements Runnable {
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  public SelvedgeCommand() {}

  /** Runs a command and returns the exit status. */
  static int run(String[] arguments) {
    String[] modern = KvCommand.modern(arguments);
    if (modern.length != arguments.length) {
      System.err.println("selvedge: " + arguments[0] + " is now written: kv " + modern[1]);
    }
    return commandLine().execute(modern);
  }

  /** Returns the command line with all commands and their options. */
  public static CommandLine commandLine() {
    var command = new CommandLine(new SelvedgeCommand());
    CommandLine serve = Objects.requireNonNull(command.getSubcommands().get("serve"));
    SettingOptions.addTo(serve.getCommandSpec());
    CommandLine config = Objects.requireNonNull(command.getSubcommands().get("config"));
    for (String name : List.of("check", "show")) {
      CommandLine each = Objects.requireNonNull(config.getSubcommands().get(name));
      SettingOptions.addTo(each.getCommandSpec());
    }
    for (String name : List.of("kv", "context")) {
      KvCommand.completeHelp(Objects.requireNonNull(command.getSubcommands().get(name)));
    }
    return command
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setExecutionExceptionHandler(SelvedgeCommand::explain);
  }

  /** Prints the message of an expected failure. Other exceptions keep their stack trace. */
  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof IncompatibleException incompatible) {
      command
          .getErr()
          .println("selvedge: " + KvCommand.explain(incompatible, command.getCommandSpec()));
      return FAILED;
    }
    if (failure instanceof SelvedgeException || failure instanceof UncheckedIOException) {
      command.getErr().println("selvedge: " + failure.getMessage() + reason(failure));
      return FAILED;
    }
    if (isWithoutDescriptors(failure)) {
      command
          .getErr()
          .println(
              "selvedge: the process may not open enough files and connections: raise the limit,"
                  + " such as with ulimit -n 65536");
      return FAILED;
    }
    throw failure;
  }

  private static boolean isWithoutDescriptors(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Exception failure) {
    return failure.getCause() instanceof IOException cause
            && failure instanceof UncheckedIOException
        ? ": " + reason(cause)
        : "";
  }

  /** The HTTP client has no message for a connection that was not established. */
  private static String reason(IOException cause) {
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return hasUnknownName(cause) ? "no machine has this name" : "no program listens there";
    }
    return FileFailures.reason(cause);
  }

  private static boolean hasUnknownName(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: one of serve, token, status, verify, promote, follow, confirm-clock,"
            + " audit, doctor, compact, retire, config, export, backup, key, cluster, dev,"
            + " worker-config, kv, context or generate");
  }
}
