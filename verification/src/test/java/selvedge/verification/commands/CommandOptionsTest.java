package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import selvedge.cli.SelvedgeCommand;

/** Options that all commands of a kind share. */
final class CommandOptionsTest {
  private static final int CONNECTING_MIN = 35;
  private static final int KEYS_MIN = 25;
  private static final int WIDTH = 80;

  /** Returns the commands below the given one. */
  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(each -> all.addAll(all(each)));
    return all;
  }

  private static Set<String> options(CommandLine command) {
    var names = new TreeSet<String>();
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }

  @Test
  void everyCommandThatSendsATokenMayTrustAnAuthorityAndPresentACertificate() {
    List<CommandLine> connecting =
        all(SelvedgeCommand.commandLine()).stream()
            .filter(command -> options(command).contains("--token"))
            .toList();

    assertThat(connecting).hasSizeGreaterThan(CONNECTING_MIN);
    for (CommandLine command : connecting) {
      assertThat(options(command))
          .as(command.getCommandSpec().qualifiedName())
          .contains("--token-file", "--ca", "--client-cert", "--client-key");
    }
  }

  @Test
  void everyCommandForKeysSaysWhatItsExitStatusMeansAndHasAnExample() {
    List<CommandLine> commands =
        List.of("kv", "context").stream()
            .map(name -> SelvedgeCommand.commandLine().getSubcommands().get(name))
            .flatMap(command -> all(Objects.requireNonNull(command)).stream())
            .toList();

    assertThat(commands).hasSizeGreaterThan(KEYS_MIN);
    for (CommandLine command : commands) {
      String name = command.getCommandSpec().qualifiedName();
      assertThat(command.getUsageMessage())
          .as(name)
          .contains("Exit status:\n  0   ", "\n  1   ", "\n  2   wrong usage\n")
          .contains("Examples:\n  ");
      assertThat(List.of(command.getCommandSpec().usageMessage().footer()))
          .as(name)
          .allMatch(line -> line.length() < WIDTH || line.startsWith("  "));
      String help = command.getUsageMessage();
      assertThat(help.substring(help.indexOf("Examples:")))
          .as(name)
          .contains(command.getParent().getCommandName() + " " + command.getCommandName());
    }
  }
}
