package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.StoreDamagedException;

/** A voter whose files are damaged takes the store of the leader. All voters are in one process. */
final class RepairTest {
  private static final String KEY = "/kv/TEST/";
  private static final int KEYS = 100;

  /** Of a file of the log. The length of the first entry follows. */
  private static final int HEADER_BYTES = 8;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  RepairTest() {}

  @Test
  void aVoterWhoseTableHasAFlippedBitLoadsTheStoreOfTheLeaderWhileItVotes() throws IOException {
    try (Voters voters = Voters.form(directory)) {
      String damaged = stoppedFollower(voters);
      Path table = table(voters, damaged);
      flip(table, (int) (Files.size(table) / 2));

      voters.start(damaged);
      Voters.await(
          () -> {
            readAll(voters, damaged);
            return voters.broken().stream().anyMatch(why -> why.contains("is loaded"));
          });
      voters.putUntilMade(voters.leader(), KEY + "meanwhile", "v");
      voters.stop(damaged);
      voters.start(damaged);

      requireWhole(voters, damaged);
      Voters.await(() -> voters.get(damaged, KEY + "meanwhile").body().equals("v"));
    }
  }

  @Test
  void aVoterWhoseStoreCannotBeOpenedLoadsTheStoreOfTheLeaderAtItsStart() throws IOException {
    try (Voters voters = Voters.form(directory)) {
      String damaged = stoppedFollower(voters);
      Path watermark = voters.data(damaged).resolve("store/watermark");
      Path file = Files.exists(watermark) ? watermark : table(voters, damaged);
      flip(file, (int) Files.size(file) - 1);
      voters.putUntilMade(voters.leader(), KEY + "meanwhile", "v");

      voters.start(damaged);

      requireWhole(voters, damaged);
      Voters.await(() -> voters.get(damaged, KEY + "meanwhile").body().equals("v"));
      assertThat(voters.put(damaged, KEY + "again", "votes").statusCode()).isEqualTo(200);
    }
  }

  /** A voter that has forgotten an entry could vote against what it has acknowledged. */
  @Test
  void aVoterWhoseLogHasAFlippedBitNamesFileAndByteAndIsReplaced() throws IOException {
    try (Voters voters = Voters.form(directory)) {
      String damaged = stoppedFollower(voters);
      Path log = log(voters.data(damaged));
      flip(log, HEADER_BYTES);

      assertThatThrownBy(() -> voters.start(damaged))
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining(log + " is damaged at byte " + HEADER_BYTES)
          .hasMessageContaining("selvedge cluster replace");

      voters.join("d", voters.leader());
      String path = "/v1/voters?add=d&remove=" + damaged;
      assertThat(voters.post(voters.leader(), path).statusCode()).isEqualTo(200);
      requireWhole(voters, "d");
    }
  }

  /** Fills the store of all voters, and stops one that follows. */
  private static String stoppedFollower(Voters voters) {
    fill(voters);
    String stopped = voters.follower();
    voters.stop(stopped);
    return stopped;
  }

  private static Path log(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("raft"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void fill(Voters voters) {
    String leader = voters.leader();
    voters.put(leader, "/v1/namespaces/TEST", "");
    var random = new Random(1);
    for (int i = 0; i < KEYS; i++) {
      byte[] value = new byte[2000];
      random.nextBytes(value);
      assertThat(voters.put(leader, KEY + i, value).statusCode()).isEqualTo(200);
    }
    String follower = voters.follower();
    Voters.await(() -> voters.get(follower, KEY + (KEYS - 1)).statusCode() == 200);
  }

  private static Path table(Voters voters, String name) throws IOException {
    try (Stream<Path> files = Files.list(voters.data(name).resolve("store/db"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  private static int readAll(Voters voters, String name) {
    int read = 0;
    for (int i = 0; i < KEYS; i++) {
      read += voters.get(name, KEY + i).statusCode() == 200 ? 1 : 0;
    }
    return read;
  }

  private static void requireWhole(Voters voters, String name) {
    Voters.await(() -> readAll(voters, name) == KEYS);
    assertThat(voters.data(name).resolve("store/damaged")).doesNotExist();
  }
}
