package selvedge.cli.kv;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import selvedge.model.Bytes;

/** {@code selvedge kv count}. */
@Command(
    name = "count",
    description = "Count keys.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  selvedge kv count -n sessions", "  selvedge kv count -n sessions --prefix user:"})
final class CountCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private final PrefixOption prefix = new PrefixOption();

  @Mixin private final NamespaceOption option = new NamespaceOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  CountCommand() {}

  @Override
  public void run() {
    try (option) {
      spec.commandLine().getOut().println(option.namespace().count(Bytes.utf8(prefix.text())));
    }
  }
}
