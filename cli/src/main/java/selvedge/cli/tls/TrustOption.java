package selvedge.cli.tls;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import selvedge.model.tls.Trust;

/** The option {@code --ca} of commands that connect to servers. */
public final class TrustOption {
  @Option(
      names = "--ca",
      paramLabel = "FILE",
      defaultValue = "${env:SELVEDGE_CA:-}",
      description =
          "PEM file: authorities to trust for https; default $SELVEDGE_CA, or those of the JVM.")
  private String authorities = "";

  /** Returns the authorities that connections of the command trust. */
  public Trust trust() {
    return authorities.isEmpty() ? Trust.usual() : Trust.of(Path.of(authorities));
  }

  /** Returns the path of the file; empty for the authorities of the JVM. */
  public String file() {
    return authorities;
  }
}
