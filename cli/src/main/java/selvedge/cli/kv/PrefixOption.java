package selvedge.cli.kv;

import picocli.CommandLine.Option;

/** The option {@code --prefix}. */
final class PrefixOption {
  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only keys that start with it.")
  private String text = "";

  String text() {
    return text;
  }
}
