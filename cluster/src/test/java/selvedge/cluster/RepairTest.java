package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter whose files are damaged takes the store of the leader. All voters are in one process. */
final class RepairTest {
  private static final String KEY = "/kv/TEST/";
  private static final int KEYS = 100;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  RepairTest() {}

  @Test
  void aVoterWhoseTableHasAFlippedBitLoadsTheStoreOfTheLeaderWhileItVotes() throws IOException {
    try (Voters voters = Voters.form(directory)) {
      fill(voters);
      String damaged = voters.follower();
      voters.stop(damaged);
      flip(table(voters, damaged), 2);

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
      fill(voters);
      String damaged = voters.follower();
      voters.stop(damaged);
      Path watermark = voters.data(damaged).resolve("store/watermark");
      flip(Files.exists(watermark) ? watermark : table(voters, damaged), 1);
      voters.putUntilMade(voters.leader(), KEY + "meanwhile", "v");

      voters.start(damaged);

      requireWhole(voters, damaged);
      Voters.await(() -> voters.get(damaged, KEY + "meanwhile").body().equals("v"));
      assertThat(voters.put(damaged, KEY + "again", "votes").statusCode()).isEqualTo(200);
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

  /** Flips a bit of a file, at the given part of it. */
  private static void flip(Path file, int part) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / part - 1] ^= 1;
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
