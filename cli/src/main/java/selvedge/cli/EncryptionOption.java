package selvedge.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.InvalidRequestException;

/** The master keys of a command that opens an encrypted store. */
final class EncryptionOption {
  @Option(
      names = "--encryption-key-file",
      paramLabel = "FILE",
      description =
          "The file with the master key of an encrypted store; default"
              + " $SELVEDGE_ENCRYPTION_KEY_FILE. The key may be in $SELVEDGE_ENCRYPTION_KEY.",
      defaultValue = "${env:SELVEDGE_ENCRYPTION_KEY_FILE:-}")
  private @Nullable String file;

  /** Returns where the keys are. */
  MasterKeys keys() {
    String text = System.getenv(MasterKeys.VARIABLE);
    boolean inFile = file != null && !file.isEmpty();
    if (text == null || text.isEmpty()) {
      return inFile ? MasterKeys.file(Path.of(file)) : MasterKeys.NONE;
    }
    if (inFile) {
      throw new InvalidRequestException(
          "--encryption-key-file and " + MasterKeys.VARIABLE + " exclude each other: give one");
    }
    return MasterKeys.text(text, MasterKeys.VARIABLE);
  }
}
