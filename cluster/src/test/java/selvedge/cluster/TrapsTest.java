package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.files.SyncedFiles;

/** Traps of Ratis that need its log with real files and sockets. */
final class TrapsTest {
  private static final String KEY = "/kv/TEST/";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  TrapsTest() {}

  /** A leader whose writer has ended, and which stays the leader, would refuse all writes. */
  @Test
  void writesContinueAfterTheLogHasRefusedAnEntry() throws Exception {
    try (Voters voters = Voters.form(directory, Map.of("raft.server.write.element-limit", "1"))) {
      String leader = voters.leader();
      assertThat(voters.put(leader, "/v1/namespaces/TEST", "").statusCode()).isEqualTo(200);
      Map<String, Integer> statuses = crowd(voters, leader);
      assertThat(statuses.values()).as("the log has refused entries").contains(503);

      Voters.await(
          () -> voters.put(voters.leader(), KEY + "after", "the refusal").statusCode() == 200);
      String next = voters.leader();
      statuses.forEach(
          (key, status) -> {
            int found = voters.get(next, KEY + key).statusCode();
            assertThat(found).as("%s was answered %d", key, status).isEqualTo(answer(status));
          });
    }
  }

  private static int answer(int status) {
    return status == 200 ? 200 : 404;
  }

  /** Large values and small ones arrive at the same time, and one entry may be in the log. */
  private static Map<String, Integer> crowd(Voters voters, String leader) throws Exception {
    Map<String, Integer> statuses = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<Voters.Answer>> answers = new TreeMap<>();
      for (int i = 0; i < 24; i++) {
        String key = "k" + i;
        byte[] value = new byte[i % 3 == 0 ? 1_500_000 : 10];
        answers.put(key, threads.submit(() -> voters.put(leader, KEY + key, value)));
      }
      for (Map.Entry<String, Future<Voters.Answer>> each : answers.entrySet()) {
        statuses.put(each.getKey(), each.getValue().get().statusCode());
      }
    }
    return statuses;
  }

  /** A voter whose log has failed stays a member, answers nothing, and never heals. */
  @Test
  void aVoterEndsWhenItsLogFails() throws IOException {
    try (Voters voters = Voters.form(directory, Voters.SMALL_FILES)) {
      String leader = voters.leader();
      assertThat(voters.put(leader, "/v1/namespaces/TEST", "").statusCode()).isEqualTo(200);
      String broken = voters.follower();
      SyncedFiles.deleteAll(voters.data(broken).resolve("raft"));

      List<Integer> statuses = new ArrayList<>();
      Voters.await(
          () -> {
            statuses.add(voters.put(leader, KEY + "k", "x".repeat(1000)).statusCode());
            return voters.broken().stream().anyMatch(why -> why.startsWith("the log "));
          });

      assertThat(statuses).containsOnly(200);
    }
  }
}
