package selvedge.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import selvedge.cli.worker.DevCommand;
import selvedge.cli.worker.WorkerConfigCommand;
import selvedge.model.SelvedgeException;

/** The command {@code selvedge}. */
@Command(
    name = "selvedge",
    description = "Workers KV that you run yourself.",
    mixinStandardHelpOptions = true,
    version = "selvedge 0.1.0",
    subcommands = {
      ServeCommand.class,
      TokenCommand.class,
      StatusCommand.class,
      VerifyCommand.class,
      PromoteCommand.class,
      FollowCommand.class,
      ConfirmClockCommand.class,
      ExportCommand.class,
      BackupCommand.class,
      ClusterCommand.class,
      DevCommand.class,
      WorkerConfigCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge serve                              on 127.0.0.1:5820, data in ./data",
      "  selvedge serve --listen 0.0.0.0:5820 --root-token-file /etc/selvedge/token",
      "  selvedge token create --name ci --grant write",
      "  selvedge status                             who follows whom, and how far behind",
      "  selvedge dev examples/workers/sessions      a Worker on a server of its own",
      "  selvedge help serve"
    })
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int CARRIERS_MIN = 16;
  private static final int CARRIERS_PER_CORE = 4;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  public Main() {}

  public static void main(String[] arguments) {
    widenCarriers();
    quietNetty();
    int status = commandLine().execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * A virtual thread holds its carrier while it is inside RocksDB. With one carrier a core, a few
   * reads that wait for the disk would keep every other request waiting too.
   */
  private static void widenCarriers() {
    int cores = Runtime.getRuntime().availableProcessors();
    int carriers = Math.max(CARRIERS_MIN, CARRIERS_PER_CORE * cores);
    setUnlessSet("jdk.virtualThreadScheduler.parallelism", Integer.toString(carriers));
  }

  /**
   * Netty follows one buffer of 128 from its making to its end, to find leaks. That makes every use
   * of a buffer dearer, not only those of the ones it follows. And it has events for the JVM's
   * recorder, whose classes take longer to load than its own.
   */
  private static void quietNetty() {
    setUnlessSet("io.netty.leakDetection.samplingInterval", "100000");
    setUnlessSet("io.netty.jfr.enabled", "false");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setExecutionExceptionHandler(Main::explain);
  }

  /** A failure that has a sentence needs no stack trace. */
  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof SelvedgeException || failure instanceof UncheckedIOException) {
      Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
      command
          .getErr()
          .println("selvedge: " + failure.getMessage() + (cause == null ? "" : " (" + cause + ")"));
      return FAILED;
    }
    throw failure;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "give a command: serve, token, status, verify, promote, follow, export, backup, cluster,"
            + " dev or worker-config");
  }
}
