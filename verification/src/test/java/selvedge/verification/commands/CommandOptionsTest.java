package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import selvedge.cli.SelvedgeCommand;

/** Options that all commands of a kind share. */
final class CommandOptionsTest {
  private static final int CONNECTING_MIN = 35;

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
}
