package selvedge.verification.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import selvedge.cli.SelvedgeCommand;
import selvedge.verification.process.Command;

/** The completion scripts and the manual pages name every command, and bash runs its script. */
final class GenerateCommandTest {
  @TempDir Path directory;

  private static List<CommandSpec> all(CommandSpec command) {
    List<CommandSpec> all = new ArrayList<>(List.of(command));
    for (CommandLine below : command.subcommands().values()) {
      if (!below.getCommandName().equals("help")) {
        all.addAll(all(below.getCommandSpec()));
      }
    }
    return all;
  }

  private static List<CommandSpec> all() {
    return all(SelvedgeCommand.commandLine().getCommandSpec());
  }

  private Path script(String shell) throws IOException {
    String text = Command.run("generate", "completion", shell).ok().text();
    return Files.writeString(directory.resolve("completion." + shell), text);
  }

  /** Returns what bash would offer for the last of the words. */
  private String completed(Path script, String... words) throws Exception {
    String line =
        """
        compopt() { :; }
        source %s
        COMP_WORDS=(%s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _complete_selvedge
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, String.join(" ", words));
    Process bash = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
    String offered = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(offered).isZero();
    return offered;
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    Path script = script("bash");

    assertThat(completed(script, "selvedge", "kv", "key", "\"\"").lines())
        .contains("get", "put", "list", "delete", "exists");
    assertThat(completed(script, "selvedge", "kv", "key", "put", "--me").lines())
        .containsExactly("--metadata");
    assertThat(script("zsh")).hasSameTextualContentAs(script);
  }

  @Test
  void fishCompletesEachCommand() throws IOException {
    String script = Files.readString(script("fish"));

    for (CommandSpec command : all()) {
      assertThat(script).as(command.qualifiedName()).contains(command.name());
      for (OptionSpec option : command.options()) {
        assertThat(option.hidden() || script.contains(option.longestName().replaceAll("^-+", "")))
            .as(command.qualifiedName() + " " + option.longestName())
            .isTrue();
      }
    }
  }

  @Test
  void eachCommandHasAManualPageWithItsOptions() throws IOException {
    Command.run("generate", "man", directory.toString()).ok();

    for (CommandSpec command : all()) {
      Path page = directory.resolve(command.qualifiedName("-") + ".1");
      String text = Files.readString(page).replace("\\-", "-");
      assertThat(text).contains(".SH NAME", ".SH SYNOPSIS");
      command
          .usageMessage()
          .exitCodeList()
          .values()
          .forEach(meaning -> assertThat(text).contains(".SH EXIT STATUS", meaning));
      for (OptionSpec option : command.options()) {
        assertThat(option.hidden() || text.contains(option.longestName()))
            .as(page + " " + option.longestName())
            .isTrue();
      }
    }
  }
}
