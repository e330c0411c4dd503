package selvedge.cli.remote;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;

/** The options of TLS of commands that connect to servers. */
public final class TrustOption {
  @Option(
      names = "--ca",
      paramLabel = "FILE",
      defaultValue = "${env:SELVEDGE_CA:-}",
      description =
          "PEM file: authorities to trust for https; default $SELVEDGE_CA, or those of the JVM.")
  private String authorities = "";

  @Option(
      names = "--client-cert",
      paramLabel = "FILE",
      defaultValue = "${env:SELVEDGE_CLIENT_CERT:-}",
      description =
          "PEM file: certificate for servers that require one; default $SELVEDGE_CLIENT_CERT.")
  private String certificate = "";

  @Option(
      names = "--client-key",
      paramLabel = "FILE",
      defaultValue = "${env:SELVEDGE_CLIENT_KEY:-}",
      description = "PEM file: private key of --client-cert; default $SELVEDGE_CLIENT_KEY.")
  private String key = "";

  /** Returns what connections of the command trust and present. */
  public Trust trust() {
    Trust trust = authorities.isEmpty() ? Trust.usual() : Trust.of(Path.of(authorities));
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new InvalidRequestException("--client-cert and --client-key must be given together");
    }
    return certificate.isEmpty()
        ? trust
        : trust.presenting(Identity.read(Path.of(certificate), Path.of(key)));
  }

  /** Returns the path of the file; empty for the authorities of the JVM. */
  public String file() {
    return authorities;
  }
}
