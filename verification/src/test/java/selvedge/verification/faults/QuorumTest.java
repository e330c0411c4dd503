package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Kills the voter that leads, in a real process, while writers write at all voters and an edge
 * follows one of them.
 *
 * <p>{@code -Dleader-kills=} sets the number of kills.
 */
final class QuorumTest {
  private static final int KILLS = Integer.getInteger("leader-kills", 1);
  private static final int WRITERS = 3;
  private static final int WRITES_BETWEEN_KILLS = 20;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private String namespace = "";

  @Test
  void losesNoAcknowledgedWriteWithItsLeader() throws Exception {
    var voters = new QuorumProcesses(servers, directory);
    voters.form();
    try (RestClient first = voters.client(voters.leader())) {
      namespace = first.createNamespace("quorum");
    }
    ServerProcess edge =
        servers.start(Launch.on(directory.resolve("edge")).follow(voters.uri("c"), "edge"));
    var writers = new ArrayList<QuorumWriter>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new QuorumWriter(voters.uri(QuorumProcesses.NAMES.get(i)), namespace, i));
    }
    writers.forEach(QuorumWriter::start);

    for (int kill = 0; kill < KILLS; kill++) {
      awaitWrites(writers);
      String leader = voters.leader();
      voters.kill(leader);
      voters.leader();
      awaitWritesOfSome(writers);
      voters.start(leader);
    }
    awaitWrites(writers);
    writers.forEach(QuorumWriter::stop);

    List<String> lost = new ArrayList<>();
    for (QuorumWriter writer : writers) {
      for (String name : QuorumProcesses.NAMES) {
        lost.addAll(missing(voters.client(name), writer, "voter " + name));
      }
      lost.addAll(missing(edge.client(), writer, "edge"));
    }
    assertThat(lost).isEmpty();
    assertThat(edge.log()).doesNotContain("the feed cannot be followed, loading a snapshot");
    assertThat(unexpected(writers)).isEmpty();
  }

  private static void awaitWrites(List<QuorumWriter> writers) throws Exception {
    List<Integer> before = writers.stream().map(QuorumWriter::made).toList();
    Polling.await(
        "every writer writes",
        () -> {
          for (int i = 0; i < writers.size(); i++) {
            if (writers.get(i).made() < before.get(i) + WRITES_BETWEEN_KILLS) {
              return false;
            }
          }
          return true;
        });
  }

  /** Waits for writes of the writers whose voter runs. */
  private static void awaitWritesOfSome(List<QuorumWriter> writers) throws Exception {
    int before = writers.stream().mapToInt(QuorumWriter::made).sum();
    Polling.await(
        "writers write without the killed voter",
        () -> writers.stream().mapToInt(QuorumWriter::made).sum() >= before + WRITES_BETWEEN_KILLS);
  }

  /** Returns the acknowledged writes that are not there with their content. */
  private List<String> missing(RestClient client, QuorumWriter writer, String where)
      throws Exception {
    try (client) {
      List<String> missing = new ArrayList<>();
      String last = writer.key(writer.newest());
      Polling.await(
          where + " has the last write of the writer",
          () -> client.get(namespace, last).status() == 200);
      for (int number : writer.acknowledged()) {
        Reply reply = client.get(namespace, writer.key(number));
        Bytes expected = writer.value(number);
        if (reply.status() != 200 || !reply.body().equals(expected)) {
          missing.add(where + " lacks " + writer.key(number) + ": " + reply.status());
        }
      }
      return missing;
    }
  }

  private static List<String> unexpected(List<QuorumWriter> writers) {
    var count = new AtomicInteger();
    return writers.stream()
        .flatMap(writer -> writer.unexpected().stream())
        .filter(_ -> count.incrementAndGet() <= 10)
        .toList();
  }
}
