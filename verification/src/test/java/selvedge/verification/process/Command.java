package selvedge.verification.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import selvedge.cli.SelvedgeCommand;
import selvedge.model.Bytes;

/**
 * The command {@code selvedge} in this JVM, for tests in which its process does not matter. {@link
 * Launch#selvedge} starts a process.
 */
public final class Command {
  private Command() {}

  /** Runs a command other than {@code serve} and returns its result. */
  public static ProcessResult run(String... arguments) {
    var out = new StringWriter();
    var errors = new StringWriter();
    CommandLine command =
        SelvedgeCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(errors));
    int exit = command.execute(arguments);
    return new ProcessResult(
        List.of(arguments), exit, Bytes.utf8(out.toString()), errors.toString());
  }
}
