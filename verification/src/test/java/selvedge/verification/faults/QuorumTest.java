package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static selvedge.verification.faults.Operation.ABSENT;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Seed;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Breaks voters in real processes while writers write at all of them, witnesses read and write the
 * same few keys at all of them, and an edge follows one of them.
 *
 * <p>{@code -Dleader-kills=} sets the number of rounds. A round kills the leader, stops it for
 * longer than an election, or kills another voter.
 */
final class QuorumTest {
  private static final int ROUNDS = Integer.getInteger("leader-kills", 1);
  private static final int WRITERS = 3;
  private static final int WITNESSES = 4;
  private static final int WRITES_IN_A_ROUND = 20;
  private static final List<String> REGISTERS = List.of("r1", "r2", "r3");
  private static final List<String> COUNTERS = List.of("c1");

  @RegisterExtension final Servers servers = new Servers();
  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path directory;

  private final Map<String, Queue<Operation>> histories = new LinkedHashMap<>();
  private final List<QuorumWriter> writers = new ArrayList<>();
  private final List<QuorumWitness> witnesses = new ArrayList<>();
  private final List<Duration> silences = new ArrayList<>();
  private String namespace = "";

  @Test
  void losesNoAcknowledgedWriteAndAnswersInOneOrder() throws Exception {
    var voters = new QuorumProcesses(servers, directory);
    voters.form();
    try (RestClient first = voters.client(voters.leader())) {
      namespace = first.createNamespace("quorum");
    }
    ServerProcess edge =
        servers.start(Launch.on(directory.resolve("edge")).follow(voters.uri("c"), "edge"));
    start(voters);

    for (int round = 0; round < ROUNDS; round++) {
      awaitWrites(writers.size());
      switch (round % 3) {
        case 0 -> killLeader(voters);
        case 1 -> stopLeader(voters);
        default -> killFollower(voters);
      }
    }
    awaitWrites(writers.size());
    witnesses.forEach(QuorumWitness::stop);
    writers.forEach(QuorumWriter::stop);

    assertThat(lost(voters, edge)).as("%s", summary()).isEmpty();
    assertThat(edge.log()).doesNotContain("loading a snapshot: ");
    assertThat(writers.stream().flatMap(each -> each.unexpected().stream()).limit(10)).isEmpty();
    histories.forEach(
        (key, operations) -> {
          var history = new History(ABSENT, List.copyOf(operations));
          assertThat(history.isLinearizable())
              .as("%s; the history of %s:\n%s", summary(), key, history)
              .isTrue();
        });
  }

  private void start(QuorumProcesses voters) {
    REGISTERS.forEach(key -> histories.put(key, Witness.history()));
    COUNTERS.forEach(key -> histories.put(key, Witness.history()));
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new QuorumWriter(voters.uri(QuorumProcesses.NAMES.get(i)), namespace, "w" + i));
    }
    for (int i = 0; i < WITNESSES; i++) {
      var witness = new Witness(i, seed.random(i + 1), REGISTERS, COUNTERS, histories);
      List<RestClient> clients = QuorumProcesses.NAMES.stream().map(voters::client).toList();
      witnesses.add(
          new QuorumWitness(witness.readingStrongly(), clients, namespace, seed.random(100 + i)));
    }
    writers.forEach(QuorumWriter::start);
    witnesses.forEach(QuorumWitness::start);
  }

  private void killLeader(QuorumProcesses voters) throws Exception {
    String leader = voters.leader();
    voters.kill(leader);
    awaitAnotherLeader(voters, leader);
    awaitWrites(1);
    voters.start(leader);
  }

  /** A leader that was stopped still thinks that it leads, and must not answer an old value. */
  private void stopLeader(QuorumProcesses voters) throws Exception {
    String leader = voters.leader();
    voters.signal(leader, "STOP");
    try {
      awaitAnotherLeader(voters, leader);
      awaitWrites(1);
    } finally {
      voters.signal(leader, "CONT");
    }
  }

  private void killFollower(QuorumProcesses voters) throws Exception {
    String leader = voters.leader();
    String follower =
        QuorumProcesses.NAMES.stream()
            .filter(name -> !name.equals(leader))
            .findFirst()
            .orElseThrow();
    voters.kill(follower);
    awaitWrites(1);
    voters.start(follower);
  }

  private void awaitAnotherLeader(QuorumProcesses voters, String leader) throws Exception {
    long start = System.nanoTime();
    voters.leaderBeside(leader);
    silences.add(Duration.ofNanos(System.nanoTime() - start));
  }

  /** Waits until the given number of writers have made more writes. */
  private void awaitWrites(int count) throws Exception {
    List<Integer> before = writers.stream().map(QuorumWriter::made).toList();
    Polling.await(
        count + " writers write",
        () -> {
          int done = 0;
          for (int i = 0; i < writers.size(); i++) {
            done += writers.get(i).made() >= before.get(i) + WRITES_IN_A_ROUND ? 1 : 0;
          }
          return done >= count;
        });
  }

  private String summary() {
    int acknowledged = writers.stream().mapToInt(QuorumWriter::made).sum();
    int calls = histories.values().stream().mapToInt(Queue::size).sum();
    return "rounds "
        + ROUNDS
        + ", acknowledged writes "
        + acknowledged
        + ", unknown outcomes "
        + writers.stream().mapToInt(QuorumWriter::unknown).sum()
        + ", calls of witnesses "
        + calls
        + ", until another voter led "
        + silences;
  }

  /** Returns the acknowledged writes that are not everywhere with their content. */
  private List<String> lost(QuorumProcesses voters, ServerProcess edge) throws Exception {
    List<String> lost = new ArrayList<>();
    for (QuorumWriter writer : writers) {
      for (String name : QuorumProcesses.NAMES) {
        lost.addAll(missing(voters.client(name), writer, "voter " + name));
      }
      lost.addAll(missing(edge.client(), writer, "edge"));
    }
    return lost;
  }

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
        if (reply.status() != 200 || !reply.body().equals(writer.value(number))) {
          missing.add(where + " lacks " + writer.key(number) + ": " + reply.status());
        }
      }
      return missing;
    }
  }
}
