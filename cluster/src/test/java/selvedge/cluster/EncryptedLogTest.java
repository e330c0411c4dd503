package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.LogKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.Bytes;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/** The log of voters with master keys has no plain value. */
final class EncryptedLogTest {
  private static final String KEY = "/kv/TEST/";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  EncryptedLogTest() {}

  @Test
  void noVoterHasAPlainValueOnItsDisk() throws IOException {
    try (Voters voters = Voters.formEncrypted(directory)) {
      String leader = voters.leader();
      assertThat(voters.put(leader, "/v1/namespaces/TEST", "").statusCode()).isEqualTo(200);
      assertThat(voters.put(leader, KEY + "small", "a-plain-small-value").statusCode())
          .isEqualTo(200);
      String large = "a-plain-large-value".repeat(100_000);
      assertThat(voters.put(leader, KEY + "large", large).statusCode()).isEqualTo(200);
      for (String name : Voters.NAMES) {
        Voters.await(() -> voters.get(name, KEY + "large").body().equals(large));
        assertThat(voters.get(name, "/v1/status").body()).contains("\"log_encrypted\":true");
      }

      assertThat(filesWith("a-plain-")).isEmpty();

      voters.stop(leader);
      voters.putUntilMade(voters.follower(), KEY + "after", "a-plain-later-value");
      voters.start(leader);

      Voters.await(() -> voters.get(leader, KEY + "after").body().equals("a-plain-later-value"));
      assertThat(voters.get(leader, KEY + "large").body()).isEqualTo(large);
      assertThat(filesWith("a-plain-")).isEmpty();
    }
  }

  @Test
  @Tag("soak")
  void plainVotersThatGetMasterKeysShareAKeyOfTheLogAndUseIt() throws IOException {
    try (Voters voters = Voters.formSecurely(directory)) {
      assertThat(voters.put(voters.leader(), "/v1/namespaces/TEST", "").statusCode())
          .isEqualTo(200);
      voters.encrypt();
      for (String name : Voters.NAMES) {
        voters.stop(name);
        voters.leader();
        voters.start(name);
      }
      Voters.await(() -> used(voters.leader()));

      voters.putUntilMade(voters.follower(), KEY + "key", "a-plain-value");

      for (String name : Voters.NAMES) {
        Voters.await(() -> voters.get(name, KEY + "key").body().equals("a-plain-value"));
        assertThat(used(name)).isTrue();
      }
      assertThat(filesWith("a-plain-value")).isEmpty();
    }
  }

  @Test
  void aKeyInUseIsNotReplacedAndIsLostWithItsMasterKey() throws IOException {
    String master = AesMasterKey.generate();
    MasterKeys masters = MasterKeys.text(master, "the test");
    LogKeys keys = LogKeys.open(directory, masters);
    keys.take(LogKey.generate().secret().hex(), false);
    String secret = LogKey.generate().secret().hex();
    keys.take(secret, true);

    assertThatThrownBy(() -> keys.take(LogKey.generate().secret().hex(), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another key");
    assertThat(LogKeys.open(directory, masters).secret()).isEqualTo(secret);
    String id = masters.read().getFirst().id();
    assertThatThrownBy(() -> LogKeys.open(directory, MasterKeys.NONE))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining(id);
    String next = AesMasterKey.generate();
    assertThat(LogKeys.open(directory, MasterKeys.text(next + "," + master, "the test")).secret())
        .isEqualTo(secret);
    assertThat(LogKeys.open(directory, MasterKeys.text(next, "the test")).secret())
        .isEqualTo(secret);
  }

  @Test
  void aChangedEntryIsRefused() {
    LogKeys keys = LogKeys.open(directory, MasterKeys.text(AesMasterKey.generate(), "the test"));
    keys.take(LogKey.generate().secret().hex(), true);
    var entry = new LogEntry.Changes(7, Bytes.utf8("changes"));
    byte[] written = keys.encode(entry);
    assertThat(keys.decode(ByteBuffer.wrap(written))).isEqualTo(entry);
    assertThat(keys.encode(entry)).isNotEqualTo(written);

    written[written.length - 20] ^= 1;

    assertThatThrownBy(() -> keys.decode(ByteBuffer.wrap(written)))
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("voter.key");
  }

  private boolean used(String name) {
    try {
      Path file = directory.resolve(name).resolve("voter.key");
      return Files.exists(file) && Files.readString(file).contains("used true");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the files of all voters that have the text. */
  private List<Path> filesWith(String text) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
