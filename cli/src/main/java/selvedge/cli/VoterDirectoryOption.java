package selvedge.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cluster.StoppedVoter;

/** The data directory that a command changes, whose server does not run. */
final class VoterDirectoryOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "The data directory; default ./data.")
  private Path data = Path.of("data");

  @Option(names = "--dry-run", description = "Only print what would change.")
  private boolean rehearsal;

  @Mixin private EncryptionOption encryption = new EncryptionOption();

  boolean isRehearsal() {
    return rehearsal;
  }

  StoppedVoter voter() {
    Umask.restrict();
    return new StoppedVoter(data, encryption.keys(), InstantSource.system(), new SecureRandom());
  }
}
