package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests of voters rely on. */
final class VotersTest {
  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  VotersTest() {}

  @Test
  void aRequestToAVoterThatDoesNotRunIsAnAnswerOfStatus0() {
    try (Voters voters = Voters.stopped(directory)) {
      assertThat(voters.get("a", "/readyz").statusCode()).isZero();
      assertThat(voters.put("a", "/kv/TEST/k", "v").body()).contains("ConnectException");
    }
  }
}
