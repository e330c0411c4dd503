package selvedge.cli.generate;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion script for fish: the words of a line choose the command whose words may follow.
 */
final class FishCompletion {
  private static final String HEAD =
      """
      # Completion of selvedge for fish. Each function checks the commands of the line so far.
      function __selvedge_at
          set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
          test (count $words) -ge (count $argv); or return 1
          for i in (seq (count $argv))
              test "$words[$i]" = "$argv[$i]"; or return 1
          end
      end
      function __selvedge_exactly
          __selvedge_at $argv; and test (count (string match -v -- '-*' (commandline -opc)[2..-1])) -eq (count $argv)
      end
      complete -c selvedge -f
      """;

  private FishCompletion() {}

  static String of(CommandSpec program) {
    var script = new StringBuilder(HEAD);
    add(program, List.of(), script);
    return script.toString();
  }

  private static void add(CommandSpec command, List<String> words, StringBuilder script) {
    String at = String.join(" ", words);
    for (CommandLine below : command.subcommands().values()) {
      script
          .append("complete -c selvedge -n '__selvedge_exactly " + at + "' -a ")
          .append(below.getCommandName())
          .append(" -d " + quote(first(below.getCommandSpec().usageMessage().description())))
          .append('\n');
    }
    for (OptionSpec option : command.options()) {
      script
          .append("complete -c selvedge -n '__selvedge_at " + at + "'")
          .append(names(option))
          .append(option.arity().max() > 0 ? " -r -F" : "")
          .append(" -d " + quote(first(option.description())))
          .append('\n');
    }
    for (CommandLine below : command.subcommands().values()) {
      List<String> longer = new ArrayList<>(words);
      longer.add(below.getCommandName());
      add(below.getCommandSpec(), longer, script);
    }
  }

  private static String names(OptionSpec option) {
    var names = new StringBuilder();
    for (String name : option.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return names.toString();
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0];
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
