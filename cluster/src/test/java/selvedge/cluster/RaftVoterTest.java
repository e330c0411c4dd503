package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;

/** Three voters in one process. The tests with real processes are in the module verification. */
final class RaftVoterTest {
  private static final String KEY = "/kv/TEST/";
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  RaftVoterTest() {}

  @Test
  void acknowledgedWritesAreAtEveryVoterAndSurviveTheLossOfTheLeader() {
    try (Voters voters = Voters.formSecurely(directory)) {
      String first = voters.leader();
      String epoch = create(voters, first);
      for (String name : Voters.NAMES) {
        assertThat(voters.put(name, KEY + name, "from " + name).statusCode()).isEqualTo(200);
      }
      for (String name : Voters.NAMES) {
        for (String written : Voters.NAMES) {
          Voters.await(() -> voters.get(name, KEY + written).body().equals("from " + written));
        }
      }
      byte[] large = bytes(3_000_000);
      assertThat(voters.put(voters.follower(), KEY + "large", large).statusCode()).isEqualTo(200);

      voters.stop(first);

      String second = voters.leader();
      assertThat(second).isNotEqualTo(first);
      voters.putUntilMade(voters.follower(), KEY + "after", "the loss");
      for (String name : Voters.NAMES) {
        assertThat(voters.get(second, KEY + name).body()).isEqualTo("from " + name);
      }
      Voters.Answer read = voters.get(second, KEY + "large");
      assertThat(read.body().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(large);
      assertThat(epoch(voters, second)).isEqualTo(epoch);

      voters.start(first);

      Voters.await(() -> voters.get(first, KEY + "after").body().equals("the loss"));
      assertThat(voters.get(first, KEY + "large").body().getBytes(StandardCharsets.ISO_8859_1))
          .isEqualTo(large);
    }
  }

  /** Six megabytes in twenty values: few entries, and many bytes. */
  @Test
  void theLogIsBoundedByItsBytesAlsoIfVotersOftenStartAgain() throws IOException {
    Map<String, String> smallFiles =
        Map.of(
            "raft.server.log.segment.size.max", "512KB",
            "raft.server.log.preallocated.size", "64KB");
    Map<String, String> megabyte = Map.of("limits.voter-log-bytes", "1000000");
    try (Voters voters = Voters.form(directory, smallFiles, megabyte)) {
      create(voters, voters.leader());
      for (int i = 0; i < 20; i++) {
        String key = KEY + i;
        voters.putUntilMade(voters.leader(), key, "x".repeat(300_000));
        if (i % 8 == 7) {
          String again = voters.follower();
          voters.stop(again);
          voters.start(again);
        }
        // A voter that is a few values behind needs what the others do not keep any more.
        for (String name : Voters.NAMES) {
          Voters.await(() -> voters.get(name, key).statusCode() == 200);
        }
      }
      for (String name : Voters.NAMES) {
        Voters.await(() -> logBytes(voters.data(name)) < 3_000_000);
      }
      String other = voters.follower();
      for (int i = 0; i < 20; i++) {
        assertThat(voters.get(other, KEY + i).statusCode()).isEqualTo(200);
      }
      assertThat(voters.broken()).isEmpty();
    }
  }

  /** The majority synced entries before the disk of this voter did, and then its power failed. */
  @Test
  void aVoterWhoseLogEndsBeforeItsMarkFollowsAndVotes() throws IOException {
    try (Voters voters = Voters.form(directory, Voters.SMALL_FILES)) {
      create(voters, voters.leader());
      for (int i = 0; i < 50; i++) {
        voters.putUntilMade(voters.leader(), KEY + i, "v" + i + "x".repeat(1000));
      }
      String behind = voters.follower();
      Voters.await(() -> voters.get(behind, KEY + 49).statusCode() == 200);
      voters.stop(behind);
      long marked = new LogMark(voters.data(behind).resolve("voter.mark")).index();
      for (LogSegmentPath file : logFiles(voters, behind).reversed().subList(0, 2)) {
        Files.delete(file.getPath());
      }
      assertThat(StoppedLog.indexes(logFiles(voters, behind).getLast().getPath()).getLast())
          .isLessThan(marked);

      voters.start(behind);

      voters.putUntilMade(voters.leader(), KEY + "after", "made");
      Voters.await(() -> voters.get(behind, KEY + "after").body().equals("made"));
      String leader = voters.leader();
      for (String name : Voters.NAMES) {
        if (!name.equals(behind) && !name.equals(leader)) {
          voters.stop(name);
        }
      }
      voters.putUntilMade(voters.leader(), KEY + "last", "made by two");
      Voters.await(() -> voters.get(behind, KEY + "last").body().equals("made by two"));
      assertThat(voters.get(behind, KEY + 0).body()).startsWith("v0x");
    }
  }

  private static List<LogSegmentPath> logFiles(Voters voters, String name) throws IOException {
    return new StoppedLog(voters.data(name).resolve("raft"), -1).segments();
  }

  private static long logBytes(Path data) {
    try (Stream<Path> files = Files.walk(data.resolve("raft"))) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    } catch (IOException | UncheckedIOException e) {
      // A file was deleted meanwhile.
      return Long.MAX_VALUE;
    }
  }

  /** The log reaches back for a few entries only, so that it lacks what the voter has missed. */
  @Test
  void aVoterThatWasAwayForTooLongLoadsTheStoreOfTheLeader() {
    Map<String, String> shortLog = Map.of("limits.voter-log-bytes", "65536");
    try (Voters voters = Voters.form(directory, Voters.SMALL_FILES, shortLog)) {
      create(voters, voters.leader());
      String away = voters.follower();
      voters.stop(away);
      String leader = voters.leader();
      for (int i = 0; i < 120; i++) {
        voters.putUntilMade(leader, KEY + i, "v" + i + "x".repeat(1000));
      }

      voters.start(away);
      Voters.await(() -> voters.broken().stream().anyMatch(why -> why.contains("is loaded")));
      voters.stop(away);
      voters.start(away);

      Voters.await(() -> voters.get(away, KEY + 119).body().startsWith("v119x"));
      for (int i = 0; i < 120; i++) {
        assertThat(voters.get(away, KEY + i).body()).startsWith("v" + i + "x");
      }
      voters.putUntilMade(away, KEY + "again", "follows");
    }
  }

  /** A heartbeat comes later than a write waits for this voter. */
  @Test
  void aVoterLearnsOfACommitWithoutTheNextEntryOrHeartbeat() {
    Map<String, String> rareHeartbeats =
        Map.of(
            "raft.server.rpc.timeout.min", "4s",
            "raft.server.rpc.timeout.max", "5s");
    try (Voters voters = Voters.form(directory, rareHeartbeats)) {
      create(voters, voters.leader());
      String other = voters.follower();
      for (int i = 0; i < 5; i++) {
        assertThat(voters.put(other, KEY + i, "v" + i).statusCode()).isEqualTo(200);
        assertThat(voters.get(other, KEY + i).body()).isEqualTo("v" + i);
      }
    }
  }

  /** A replica that is ahead proves a loss, but also that a voter has not applied everything. */
  @Test
  void aReplicaThatIsAheadOfTheLeaderWaitsAndItsClaimBeginsNoLineage() {
    try (Voters voters = Voters.form(directory)) {
      String leader = voters.leader();
      String epoch = create(voters, leader);

      Voters.Answer answer =
          voters.get(
              leader,
              "/v1/feed?after=1000000&epoch=" + epoch,
              "Accept",
              "application/vnd.selvedge.feed");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("behind 1000000: ask again later");
      assertThat(epoch(voters, leader)).isEqualTo(epoch);
    }
  }

  /** All voters have lost their directories: a new cluster would not be theirs. */
  @Test
  void anEmptyVoterThatMustHoldAClusterDoesNotBeginOne() {
    try (Voters voters = Voters.stopped(directory)) {
      assertThatThrownBy(() -> voters.start("a", "cluster-id", "0000000000000001"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("has no store, and cluster-id says that it must hold the cluster");
    }
  }

  @Test
  void aVoterThatHoldsAnotherClusterThanTheConfiguredOneDoesNotStart() {
    try (Voters voters = Voters.form(directory)) {
      String follower = voters.follower();
      voters.stop(follower);

      assertThatThrownBy(() -> voters.start(follower, "cluster-id", "0000000000000001"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("and cluster-id names the cluster 0000000000000001");
    }
  }

  private static String create(Voters voters, String name) {
    assertThat(voters.put(name, "/v1/namespaces/TEST", "").statusCode()).isEqualTo(200);
    return epoch(voters, name);
  }

  private static String epoch(Voters voters, String name) {
    Matcher epoch = EPOCH.matcher(voters.get(name, "/v1/status").body());
    assertThat(epoch.find()).isTrue();
    return epoch.group(1);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(29).nextBytes(bytes);
    return bytes;
  }
}
