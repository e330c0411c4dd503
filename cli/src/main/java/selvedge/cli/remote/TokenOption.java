package selvedge.cli.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import selvedge.engine.files.FileFailures;
import selvedge.model.InvalidRequestException;

/** The token that a command sends to a server: from a file, an option or the environment. */
public final class TokenOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "A file with the token; safer than --token, because users can see command lines.")
  private @Nullable Path file;

  @Option(
      names = "--token",
      paramLabel = "T",
      defaultValue = "${env:SELVEDGE_TOKEN:-}",
      description = "The token itself; default $SELVEDGE_TOKEN.")
  private @Nullable String token;

  /** Returns the token; empty if there is none. The file takes precedence. */
  public String value() {
    return file == null ? token == null ? "" : token : read(file);
  }

  public static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new InvalidRequestException(
          "cannot read the token in " + file + ": " + FileFailures.reason(e));
    }
  }
}
