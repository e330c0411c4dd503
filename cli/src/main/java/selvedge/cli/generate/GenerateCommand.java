package selvedge.cli.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code selvedge generate}. */
@Command(
    name = "generate",
    description = "Write completion scripts and manual pages.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(selvedge generate completion bash)        in ~/.bashrc; zsh in ~/.zshrc",
      "  selvedge generate completion fish > ~/.config/fish/completions/selvedge.fish",
      "  selvedge generate man /usr/local/share/man/man1    then: man selvedge-kv-copy"
    })
public final class GenerateCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  GenerateCommand() {}

  /** The shells that have a completion script. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: completion or man");
  }

  private CommandLine program() {
    return spec.root().commandLine();
  }

  @Command(
      name = "completion",
      description = "Print the completion script of a shell.",
      mixinStandardHelpOptions = true)
  void completion(
      @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.") Shell shell) {
    String script =
        switch (shell) {
          // The script of picocli turns on the completion of bash in zsh by itself.
          case bash, zsh -> AutoComplete.bash("selvedge", program());
          case fish -> FishCompletion.of(program().getCommandSpec());
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
  }

  @Command(
      name = "man",
      description = "Write a manual page for each command.",
      mixinStandardHelpOptions = true)
  void man(@Parameters(paramLabel = "DIR", description = "The folder.") Path folder) {
    try {
      Files.createDirectories(folder);
      int pages = write(folder, program().getCommandSpec());
      spec.commandLine().getOut().println(pages + " pages in " + folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the pages", e);
    }
  }

  private static int write(Path folder, CommandSpec command) throws IOException {
    String name = command.qualifiedName("-");
    Files.writeString(folder.resolve(name + ".1"), ManualPage.of(command));
    int pages = 1;
    for (CommandLine below : command.subcommands().values()) {
      if (!below.getCommandName().equals("help")) {
        pages += write(folder, below.getCommandSpec());
      }
    }
    return pages;
  }
}
