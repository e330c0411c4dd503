package selvedge.cli.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the language of man(7). */
final class ManualPage {
  private final StringBuilder page = new StringBuilder();

  private ManualPage() {}

  static String of(CommandSpec command) {
    var manual = new ManualPage();
    manual.write(command);
    return manual.page.toString();
  }

  private void write(CommandSpec command) {
    String name = command.qualifiedName("-");
    macro("TH \"" + name.toUpperCase(Locale.ROOT) + "\" 1");
    macro("SH NAME");
    text(name + " - " + String.join(" ", command.usageMessage().description()));
    macro("SH SYNOPSIS");
    text(
        new CommandLine.Help(command, CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .synopsis(0)
            .strip());
    parameters(command.positionalParameters());
    options(command.options());
    commands(command);
    exitStatus(command.usageMessage().exitCodeList());
    examples(command.usageMessage().footer());
  }

  private void parameters(List<PositionalParamSpec> parameters) {
    if (!parameters.isEmpty()) {
      macro("SH ARGUMENTS");
      parameters.forEach(
          parameter -> item(parameter.paramLabel(), String.join(" ", parameter.description())));
    }
  }

  private void options(List<OptionSpec> options) {
    macro("SH OPTIONS");
    for (OptionSpec option : options) {
      String label = option.arity().max() > 0 ? " " + option.paramLabel() : "";
      item(String.join(", ", option.names()) + label, String.join(" ", option.description()));
    }
  }

  private void commands(CommandSpec command) {
    List<CommandLine> below = new ArrayList<>(command.subcommands().values());
    if (!below.isEmpty()) {
      macro("SH COMMANDS");
      below.forEach(
          one ->
              item(
                  one.getCommandSpec().qualifiedName("-") + "(1)",
                  String.join(" ", one.getCommandSpec().usageMessage().description())));
    }
  }

  private void exitStatus(Map<String, String> meanings) {
    if (!meanings.isEmpty()) {
      macro("SH EXIT STATUS");
      meanings.forEach(this::item);
    }
  }

  private void examples(String[] lines) {
    if (lines.length > 0) {
      macro("SH EXAMPLES");
      macro("nf");
      for (String line : lines) {
        text(String.format(line));
      }
      macro("fi");
    }
  }

  private void item(String term, String description) {
    macro("TP");
    page.append("\\fB").append(escape(term)).append("\\fR\n");
    text(description);
  }

  private void macro(String line) {
    page.append('.').append(line).append('\n');
  }

  private void text(String text) {
    for (String line : text.split("\n", -1)) {
      String escaped = escape(line);
      boolean control = escaped.startsWith(".") || escaped.startsWith("'");
      page.append(control ? "\\&" : "").append(escaped).append('\n');
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
