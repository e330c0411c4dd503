package selvedge.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files and connections that this process may open. The JVM has raised its limit to the largest
 * allowed one when the command starts.
 */
final class OpenFiles {
  /** Room for the class path, the files of a small store, and some connections. */
  private static final long MIN = 256;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("Max open files +(\\d+) .*");

  private OpenFiles() {}

  /**
   * Ends the process with a message if it may open too few files. The class path alone has more
   * jars than a small limit, and the JVM ignores a jar that it cannot open, so this must run before
   * a class of another jar is loaded.
   */
  static void requireEnough() {
    long max = max();
    if (max < MIN) {
      System.err.println(
          "selvedge: this process may open only "
              + max
              + " files and connections: raise the limit, such as with ulimit -n 65536");
      System.exit(1);
    }
  }

  /** Returns the limit of Linux. On other systems, there is no check. */
  private static long max() {
    try {
      for (String line : Files.readAllLines(LIMITS, StandardCharsets.ISO_8859_1)) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          return Long.parseLong(matcher.group(1));
        }
      }
    } catch (IOException e) {
      // Not Linux, or a container without /proc.
    }
    return Long.MAX_VALUE;
  }
}
