package selvedge.cli.kv;

import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import selvedge.cli.remote.TerminalText;
import selvedge.model.Bytes;

/** What a person sees: on a terminal, control characters become visible text. */
final class Terminal {
  private Terminal() {}

  static boolean isOutput() {
    return isTerminal(1);
  }

  static boolean isError() {
    return isTerminal(2);
  }

  /** Asks the system where it can tell, otherwise the console of the JVM. */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  /** Writes a value: its bytes to a file or a pipe, escaped text to a terminal. */
  static void print(Bytes value, PrintWriter out, OutputStream raw) throws IOException {
    if (!isOutput()) {
      raw.write(value.toArray());
      raw.flush();
      return;
    }
    String text = new String(value.toArray(), StandardCharsets.UTF_8);
    text.lines().map(TerminalText::escape).forEach(out::println);
    out.flush();
  }
}
