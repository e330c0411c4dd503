package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import selvedge.cli.SelvedgeCommand;

/** Compares the commands in the pages with the command line: each command and option exists. */
final class DocumentedCommandsTest {
  private static final Pattern COMMAND =
      Pattern.compile("/selvedge ((?:\\\\\\n|[^`\\n])*?)(?:`|\\n| #|$)");
  private static final CommandLine PROGRAM = SelvedgeCommand.commandLine();
  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

  @Test
  void everyCommandAndOptionInThePagesExists() {
    List<String> unknown = new ArrayList<>();
    int checked = 0;
    for (Path page : Tree.files(".md")) {
      Matcher matcher = COMMAND.matcher(Tree.read(page));
      for (; matcher.find(); checked++) {
        check(matcher.group(1), Tree.root().relativize(page) + ": ", unknown);
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(checked).as("commands in the pages").isGreaterThan(60);
  }

  @Test
  void anUnknownCommandAndAnUnknownOptionAreReported() {
    List<String> unknown = new ArrayList<>();
    check("token create --name ci", "", unknown);
    check("token make --name ci", "", unknown);
    check("serve --port 80 --listen x", "", unknown);
    check("sing", "", unknown);

    assertThat(unknown).containsExactly("token make", "serve --port", "sing");
  }

  private static void check(String line, String page, List<String> unknown) {
    CommandLine command = PROGRAM;
    String name = "";
    for (String word : line.strip().split("\\s+", -1)) {
      if (!WORD.matcher(word).matches() || command.getSubcommands().isEmpty()) {
        break;
      }
      name = (name + " " + word).strip();
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        unknown.add(page + name);
        return;
      }
      command = next;
    }
    Matcher options = OPTION.matcher(line);
    while (options.find()) {
      if (!command.getCommandSpec().optionsMap().containsKey(options.group())) {
        unknown.add(page + name + " " + options.group());
      }
    }
  }
}
