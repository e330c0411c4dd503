package selvedge.verification.access;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import selvedge.verification.process.FreePorts;

/** Three voters in this process that require tokens. Belongs to one thread. */
final class GuardedQuorum implements AutoCloseable {
  private static final int VOTERS = 3;

  private final Path folder;
  private final InstantSource clock;
  private final int firstPort = FreePorts.inARow(2 * VOTERS);
  private final List<GuardedServer> voters = new ArrayList<>();

  private GuardedQuorum(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Starts the voters, and returns once all of them serve. */
  static GuardedQuorum form(Path folder, InstantSource clock) throws Exception {
    var quorum = new GuardedQuorum(folder, clock);
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<GuardedServer>> all =
          IntStream.range(0, VOTERS).mapToObj(i -> starting.submit(() -> quorum.start(i))).toList();
      for (Future<GuardedServer> each : all) {
        quorum.voters.add(each.get());
      }
    }
    return quorum;
  }

  private GuardedServer start(int index) {
    String cluster =
        IntStream.range(0, VOTERS)
            .mapToObj(i -> name(i) + "=127.0.0.1:" + (firstPort + VOTERS + i))
            .collect(Collectors.joining(","));
    return GuardedServer.voter(
        folder.resolve(name(index)),
        clock,
        "127.0.0.1:" + (firstPort + index),
        name(index),
        cluster);
  }

  private static String name(int index) {
    return "v" + index;
  }

  /** Returns the voter that leads now. */
  GuardedServer leader() {
    return voters.stream().filter(GuardedQuorum::leads).findFirst().orElseThrow();
  }

  /** Returns a voter that does not lead now. */
  GuardedServer follower() {
    return voters.stream().filter(each -> !leads(each)).findFirst().orElseThrow();
  }

  private static boolean leads(GuardedServer voter) {
    return voter.status("/leaderz", "") == 200;
  }

  /** Stops all voters and starts one of them again, which then finds no leader. */
  GuardedServer restartAlone(GuardedServer voter) {
    int index = voters.indexOf(voter);
    close();
    voters.clear();
    voters.add(start(index));
    return voters.getFirst();
  }

  @Override
  public void close() {
    voters.forEach(GuardedServer::close);
  }
}
