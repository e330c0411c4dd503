package selvedge.cli.kv;

import picocli.CommandLine.Option;

/** The option {@code -o}. */
final class OutputOption {
  /** For whom a command prints. */
  enum Format {
    table,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table for people, json for programs; default table.")
  private Format format = Format.table;

  boolean isJson() {
    return format == Format.json;
  }
}
