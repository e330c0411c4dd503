package selvedge.verification.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import selvedge.verification.process.Command;
import selvedge.verification.process.ProcessResult;

/**
 * A page below docs/how-to, whose commands are run as they are written.
 *
 * @param text of the page
 * @param places what stands in the test for the directories, addresses and names of the page
 */
record Runbook(String page, String text, Map<String, String> places) {

  static Runbook of(String page, Map<String, String> places) {
    return new Runbook(page, read(page), places);
  }

  private static String read(String page) {
    try {
      return Files.readString(Path.of("..", "docs", "how-to", page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the page with other places in addition. */
  Runbook with(String place, String value) {
    var more = new HashMap<>(places);
    more.put(place, value);
    return new Runbook(page, text, Map.copyOf(more));
  }

  /** Runs the first command of the page that begins so. */
  ProcessResult run(String beginning) {
    Matcher matcher =
        Pattern.compile(
                "\\./selvedge ("
                    + Pattern.quote(beginning)
                    + "(?:\\\\\\n|[^`\\n])*?)(?:`|\\n|  +#| >)")
            .matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(page + " has no command that begins with: " + beginning);
    }
    String command = replaced(matcher.group(1).replace("\\\n", " "));
    return Command.run(Stream.of(command.strip().split("\\s+")).toArray(String[]::new));
  }

  /** Returns the first block of the page whose first line begins so, for a shell. */
  String block(String beginning) {
    Matcher matcher =
        Pattern.compile("(?m)^ *```\\n( *" + Pattern.quote(beginning) + "[^`]*)```").matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(page + " has no block that begins with: " + beginning);
    }
    return replaced(matcher.group(1));
  }

  private String replaced(String command) {
    String all = command;
    for (Map.Entry<String, String> each :
        places.entrySet().stream()
            .sorted((a, b) -> b.getKey().length() - a.getKey().length())
            .toList()) {
      all = all.replace(each.getKey(), each.getValue());
    }
    return all;
  }
}
