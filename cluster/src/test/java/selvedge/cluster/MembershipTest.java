package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the voters, with clients that write meanwhile. All voters are in one process. */
final class MembershipTest {
  private static final String KEY = "/kv/TEST/";
  private static final Pattern VOTERS = Pattern.compile("\"voters\":\\[([^]]*)]");
  private static final Pattern NODE = Pattern.compile("\"node\":\"([^\"]*)\"");

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  MembershipTest() {}

  @Test
  void anEmptyServerJoinsAndTakesThePlaceOfALostVoter() {
    try (Voters voters = Voters.form(directory)) {
      voters.put(voters.leader(), "/v1/namespaces/TEST", "");
      for (int i = 0; i < 20; i++) {
        voters.putUntilMade("a", KEY + i, "v" + i);
      }
      voters.join("d", voters.follower());
      String lost = voters.follower();
      voters.stop(lost);

      String rehearsed =
          done(voters.post(voters.leader(), "/v1/voters?add=d&remove=" + lost + "&dry-run=true"));
      assertThat(rehearsed).contains("voters now: a, b, c", "d first receives");
      assertThat(voters(voters, voters.leader())).containsExactly("a", "b", "c");

      done(voters.post(voters.leader(), "/v1/voters?add=d&remove=" + lost));

      List<String> left = voters(voters, voters.leader());
      assertThat(left).hasSize(3).contains("d").doesNotContain(lost);
      Voters.await(() -> voters.get("d", KEY + 19).body().equals("v19"));
      done(voters.post(voters.leader(), "/v1/voters/leader?to=d"));
      Voters.await(() -> voters.leader().equals("d"));
      voters.putUntilMade("d", KEY + "after", "d leads");
      for (int i = 0; i < 20; i++) {
        assertThat(voters.get("d", KEY + i).body()).isEqualTo("v" + i);
      }

      voters.stop("d");
      voters.putUntilMade(voters.leader(), KEY + "without", "d");
      voters.startJoined("d", voters.leader());
      Voters.await(() -> voters.get("d", KEY + "without").body().equals("d"));
    }
  }

  @Test
  void changesThatWouldStopWritesAreRefusedAndTheSmallestDiskCounts() {
    try (Voters voters = Voters.form(directory)) {
      String leader = voters.leader();
      assertRefused(voters.post(leader, "/v1/voters?remove=x"), "there is no voter x");
      assertRefused(voters.post(leader, "/v1/voters?add=x"), "no server named x waits");
      assertRefused(voters.post(leader, "/v1/voters?remove=" + leader), "leads; let another");
      assertRefused(voters.post(voters.follower(), "/v1/voters"), "must name a voter");

      assertThat(voters.put(leader, "/v1/namespaces/TEST", "").statusCode()).isEqualTo(200);
      String report = "{\"location\":\"x\",\"role\":\"voter\",\"disk_free_bytes\":1}";
      assertThat(voters.post(leader, "/v1/position", report).statusCode()).isEqualTo(200);
      Voters.await(() -> voters.put(leader, KEY + "k", "no room").statusCode() == 507);
      voters.post(leader, "/v1/position", report.replace(":1}", ":1000000000000}"));
      Voters.await(() -> voters.put(leader, KEY + "k", "room").statusCode() == 200);

      String lost = voters.follower();
      voters.stop(lost);
      String other = voters.follower();
      Voters.await(
          () -> voters.post(leader, "/v1/voters?dry-run=true&remove=" + other).statusCode() == 400);
      assertRefused(voters.post(leader, "/v1/voters?remove=" + other), "no majority would be left");
      assertRefused(voters.post(leader, "/v1/voters/leader?to=" + lost), "cannot be reached");
      assertThat(voters(voters, leader)).containsExactly("a", "b", "c");

      done(voters.post(other, "/v1/voters?remove=" + lost));
      assertThat(voters(voters, leader)).hasSize(2).doesNotContain(lost);
      done(voters.post(leader, "/v1/voters?remove=" + other));
      assertThat(voters(voters, leader)).containsExactly(leader);
      voters.stop(other);
      assertThat(voters.put(leader, KEY + "k", "alone").statusCode()).isEqualTo(200);
      assertRefused(voters.post(leader, "/v1/voters?remove=" + leader), "is the only voter");
    }
  }

  private static String done(Voters.Answer answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static void assertRefused(Voters.Answer answer, String why) {
    assertThat(answer.body()).contains(why);
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  private static List<String> voters(Voters voters, String name) {
    Matcher list = VOTERS.matcher(voters.get(name, "/v1/status").body());
    assertThat(list.find()).isTrue();
    return NODE.matcher(list.group(1)).results().map(each -> each.group(1)).sorted().toList();
  }
}
