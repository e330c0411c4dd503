package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.InvalidRequestException;

/** The way of a directory into a cluster, out of it, and out of a lost one. */
final class StoppedVoterTest {
  private static final String KEY = "/kv/TEST/";
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  StoppedVoterTest() {}

  private static StoppedVoter stopped(Path data) {
    return new StoppedVoter(data, MasterKeys.NONE, InstantSource.system(), new Random(1));
  }

  @Test
  void aSingleMachineBecomesAClusterAndBackWhileItsEdgeFollows() {
    try (Voters voters = Voters.stopped(directory)) {
      voters.startAlone("a", "root-token", Voters.TOKEN);
      done(voters.put("a", "/v1/namespaces/TEST", ""));
      done(voters.put("a", KEY + "single", "machine"));
      String epoch = epoch(voters, "a");
      String origin = voters.uri("a", "").toString();
      voters.startAlone("edge", "origin", origin, "origin-token", Voters.TOKEN, "location", "fra");
      String first = voters.put("a", KEY + "last", "x").headers().firstValue("ETag").orElseThrow();

      voters.stop("a");
      stopped(voters.data("a")).begin("a", true);
      assertThat(voters.data("a").resolve("voter")).doesNotExist();
      stopped(voters.data("a")).begin("a", false);
      assertThatThrownBy(() -> voters.startAlone("a", "root-token", Voters.TOKEN))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("belongs to a voter");
      voters.startFirst("a");
      voters.putUntilMade(voters.leader(), KEY + "one", "voter");
      for (String next : List.of("b", "c")) {
        voters.join(next, "a");
        done(voters.post(voters.leader(), "/v1/voters?add=" + next));
      }
      voters.putUntilMade("c", KEY + "three", "voters");
      Voters.Answer made = done(voters.put("c", KEY + "three", "voters"));
      assertThat(number(made)).isGreaterThan(Long.parseLong(first.replace("\"", "")));
      Voters.await(() -> voters.get("edge", KEY + "three").body().equals("voters"));
      assertThat(voters.get("c", KEY + "single").body()).isEqualTo("machine");

      if (!voters.leader().equals("a")) {
        done(voters.post(voters.leader(), "/v1/voters/leader?to=a"));
        Voters.await(() -> voters.leader().equals("a"));
      }
      for (String gone : List.of("c", "b")) {
        done(voters.post("a", "/v1/voters?remove=" + gone));
        voters.stop(gone);
      }
      done(voters.put("a", KEY + "again", "one"));
      voters.stop("a");
      assertThatThrownBy(() -> stopped(voters.data("b")).end(false))
          .isInstanceOf(InvalidRequestException.class);
      stopped(voters.data("a")).end(false);
      voters.startAlone("a", "root-token", Voters.TOKEN);

      for (String key : List.of("single", "last", "one", "three", "again")) {
        Voters.await(() -> voters.get("edge", KEY + key).statusCode() == 200);
        assertThat(voters.get("a", KEY + key).statusCode()).isEqualTo(200);
      }
      done(voters.put("a", KEY + "free", "again"));
      Voters.await(() -> voters.get("edge", KEY + "free").body().equals("again"));
      assertThat(epoch(voters, "a")).isEqualTo(epoch);
      assertThat(epoch(voters, "edge")).isEqualTo(epoch);
    }
  }

  @Test
  void aLostMajorityIsRecoveredAsANewLineage() throws IOException {
    try (Voters voters = Voters.form(directory)) {
      done(voters.put(voters.leader(), "/v1/namespaces/TEST", ""));
      String left = voters.follower();
      for (int i = 0; i < 10; i++) {
        done(voters.put(left, KEY + i, "v" + i));
      }
      String epoch = epoch(voters, left);
      voters.stopAll();
      voters.start(left);
      assertThat(voters.get(left, "/v1/status").body()).contains("no known leader");
      Voters.Answer refused = voters.put(left, KEY + "k", "v");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("the voters have no leader at the moment");
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.headers().firstValue("Selvedge-Retry-Millis")).contains("250");
      voters.stop(left);
      Files.deleteIfExists(voters.data(left).resolve("voter.mark"));

      List<String> rehearsed = stopped(voters.data(left)).recover(true);
      List<String> lines = stopped(voters.data(left)).recover(false);

      assertThat(rehearsed.getFirst()).isEqualTo(lines.getFirst());
      assertThat(String.join("\n", lines)).contains("are lost", "new lineage", "a, b, c");
      voters.startFirst(left);
      voters.putUntilMade(voters.leader(), KEY + "after", "recovery");
      assertThat(epoch(voters, left)).isNotEqualTo(epoch);
      for (int i = 0; i < 10; i++) {
        assertThat(voters.get(left, KEY + i).body()).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void onlyADirectoryThatFitsIsChanged() throws IOException {
    assertThatThrownBy(() -> stopped(directory).begin("a", false))
        .hasMessageContaining("no store in");
    assertThatThrownBy(() -> stopped(directory).end(false))
        .hasMessageContaining("not the directory of a voter");
    Files.writeString(directory.resolve("voter"), "id = a-1\nvoter = b-2 h:1 http://h:2\n");
    assertThatThrownBy(() -> stopped(directory).end(false))
        .hasMessageContaining("remove the others first");
  }

  private static Voters.Answer done(Voters.Answer answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static long number(Voters.Answer made) {
    return Long.parseLong(made.headers().firstValue("Selvedge-Version").orElseThrow());
  }

  private static String epoch(Voters voters, String name) {
    Matcher epoch = EPOCH.matcher(voters.get(name, "/v1/status").body());
    assertThat(epoch.find()).isTrue();
    return epoch.group(1);
  }
}
