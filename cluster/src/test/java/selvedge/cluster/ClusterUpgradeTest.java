package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.StoreUnusableException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Voters of releases that know different forms of a cluster: 1 and 2, and a next one. All voters
 * are in one process.
 */
final class ClusterUpgradeTest {
  private static final String KEY = "/kv/TEST/";

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  ClusterUpgradeTest() {}

  @Test
  void theFormChangesOnlyByTheCommandAndOnlyOnceAllVotersKnowIt() throws IOException {
    try (Voters voters = Voters.formOf(directory, 1)) {
      assertThat(voters.put(voters.leader(), "/v1/namespaces/TEST", "").statusCode())
          .isEqualTo(200);
      voters.release(2);
      String first = voters.follower();
      restart(voters, first);

      assertThat(upgrade(voters, "")).contains("nothing to do: every voter has form 1");
      assertThat(upgrade(voters, ""))
          .contains(first + " runs release of form 2, has form 1 and can write form 2");

      for (String name : Voters.NAMES) {
        if (!name.equals(first)) {
          restart(voters, name);
        }
      }
      voters.putUntilMade(voters.leader(), KEY + "k", "before");
      for (String name : Voters.NAMES) {
        assertThat(file(voters, name))
            .as("what a release of form 1 reads")
            .hasSize(5)
            .allMatch(line -> line.matches("(id|voter|formatted) = .*"));
      }
      assertThat(voters.post(voters.leader(), "/v1/voters?remove=" + first).body())
          .contains("selvedge cluster upgrade");
      assertThat(upgrade(voters, "?dry-run=true")).contains("every voter can write form 2");
      assertThat(form(voters, voters.leader())).isEqualTo("1");

      assertThat(upgrade(voters, "")).contains("done: every voter has form 2");

      for (String name : Voters.NAMES) {
        assertThat(file(voters, name)).startsWith("form = 2");
        assertThat(form(voters, name)).isEqualTo("2");
      }
      assertThat(upgrade(voters, "")).contains("nothing to do: every voter has form 2");
      assertThat(voters.get(first, KEY + "k").body()).isEqualTo("before");
    }
  }

  @Test
  void anOlderReleaseIsRefusedByNameAndALoadedStoreNamesTheForm() throws IOException {
    try (Voters voters = Voters.formOf(directory, 2)) {
      assertThat(voters.put(voters.leader(), "/v1/namespaces/TEST", "").statusCode())
          .isEqualTo(200);
      String stopped = voters.follower();
      assertThat(file(voters, stopped)).startsWith("form = 2");
      voters.release(3);
      for (String name : Voters.NAMES) {
        restart(voters, name);
      }
      assertThat(upgrade(voters, "")).contains("done: every voter has form 3");
      voters.stop(stopped);

      voters.release(2);
      assertThatThrownBy(() -> voters.start(stopped))
          .isInstanceOf(StoreUnusableException.class)
          .hasMessageContaining("form 3")
          .hasMessageContaining("start the newer release");

      Path file = voters.data(stopped).resolve("voter");
      Files.writeString(file, Files.readString(file).replace("form = 3", "form = 2"));
      assertThatThrownBy(() -> voters.start(stopped))
          .as("the store names the form too")
          .isInstanceOf(StoreUnusableException.class)
          .hasMessageContaining("form 3");
      voters.release(3);
      voters.start(stopped);
      assertThat(file(voters, stopped)).startsWith("form = 3");
      voters.putUntilMade(stopped, KEY + "k", "v");
    }
  }

  private static void restart(Voters voters, String name) {
    voters.stop(name);
    voters.start(name);
    Voters.await(() -> voters.get(name, "/readyz").statusCode() == 200);
  }

  private static List<String> file(Voters voters, String name) throws IOException {
    return Files.readAllLines(voters.data(name).resolve("voter"));
  }

  private static String form(Voters voters, String name) {
    String status = voters.get(name, "/v1/status").body();
    return JsonMapper.shared().readTree(status).path("quorum").path("form").asString();
  }

  private static String upgrade(Voters voters, String query) {
    Voters.Answer answer = voters.post(voters.leader(), "/v1/voters/form" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
