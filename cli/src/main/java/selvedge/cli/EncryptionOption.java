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

  @Option(
      names = "--encryption-kms",
      paramLabel = "NAME:ADDRESS",
      description =
          "The key management service with the master key; default $SELVEDGE_ENCRYPTION_KMS.",
      defaultValue = "${env:SELVEDGE_ENCRYPTION_KMS:-}")
  private @Nullable String service;

  /** Returns where the keys are. */
  MasterKeys keys() {
    String text = System.getenv(MasterKeys.VARIABLE);
    boolean inFile = file != null && !file.isEmpty();
    if (service != null && !service.isEmpty()) {
      if (inFile || !(text == null || text.isEmpty())) {
        throw new InvalidRequestException(
            "--encryption-kms must not be given together with a key file or "
                + MasterKeys.VARIABLE);
      }
      return MasterKeys.service(service);
    }
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
