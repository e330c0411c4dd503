package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.files.SyncedFiles;
import selvedge.verification.ReliabilityRecord;
import selvedge.verification.process.Polling;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import selvedge.verification.process.VoterNetwork;

/**
 * Rounds of faults on three voters and two edges in real processes, under a workload of puts,
 * deletes, conditional writes, increments, lists, reads and watches. One voter is on a small ext4
 * file system, another one on a machine whose disk and clock can fail.
 *
 * <p>{@code -Dfault-rounds=} sets the number of rounds, {@code -Dfault-record=true} adds them to
 * {@code docs/reliability.md}. A later run continues after the rounds that are there.
 */
@Tag("soak")
final class QuorumFaultsTest {
  private static final List<VoterFault> FAULTS = List.of(VoterFault.values());
  private static final int ROUNDS = Integer.getInteger("fault-rounds", FAULTS.size());
  private static final boolean RECORDED = Boolean.getBoolean("fault-record");
  private static final String ONLY = System.getProperty("fault", "");
  private static final String HEADING = "## Rounds of faults";
  private static final String SMALL = "b";
  private static final String FAILING = "c";
  private static final int SMALL_MEBIBYTES = 1024;
  private static final int FREE_BYTES = 2 << 20;
  private static final int FULL = 507;
  private static final List<String> EDGES = List.of("edge1", "edge2");
  private static final List<String> SERVERS =
      Stream.concat(QuorumProcesses.NAMES.stream(), EDGES.stream()).toList();

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final ReliabilityRecord record = ReliabilityRecord.below(HEADING);
  private QuorumProcesses voters;
  private VoterNetwork network;
  private SmallDisk disk;
  private PreloadedMachine machine;
  private FaultRound round;
  private String namespace = "";

  @SuppressWarnings("NullAway") // the test sets its fields when it starts
  QuorumFaultsTest() {}

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void keepsEveryPromiseUnderFaults() throws Exception {
    long done = RECORDED ? record.rounds() : 0;
    start();
    for (int i = 0; i < ROUNDS; i++) {
      int number = (int) done + i;
      VoterFault fault =
          ONLY.isEmpty() ? FAULTS.get(number % FAULTS.size()) : VoterFault.valueOf(ONLY);
      long seed = number;
      round =
          new FaultRound(
              voters,
              SERVERS,
              namespace,
              number,
              stream -> new SplittableRandom(seed * 1_000_003 + stream));
      round.awaitAllWriters();
      long before = System.nanoTime();
      happen(fault, new SplittableRandom(seed));
      round.awaitAllWriters();
      Duration lasted = Duration.ofNanos(System.nanoTime() - before);
      FaultRound.Result result = round.end(allowed(fault));
      System.out.printf("round %d, %s, %s: %s%n", number, fault, lasted, result);
      assertThat(result.violations()).as("round %d, %s", number, fault.description()).isEmpty();
      if (RECORDED) {
        record.add(
            fault.description(),
            1,
            result.acknowledged(),
            0,
            result.unknown(),
            result.calls(),
            result.answers());
      }
    }
  }

  private static Set<Integer> allowed(VoterFault fault) {
    return switch (fault) {
      case FULL_DISK -> Set.of(FULL);
      default -> Set.of();
    };
  }

  private void start() throws Exception {
    voters = new QuorumProcesses(servers, directory);
    network = voters.connectByRelays();
    open.add(network);
    disk = SmallDisk.ext4(directory.resolve("small"), SMALL_MEBIBYTES);
    open.add(disk);
    voters.store(SMALL, disk.directory().resolve("data"));
    Path failing = Files.createDirectories(directory.resolve("failing"));
    machine = PreloadedMachine.withoutRecord(directory.resolve("machine"), failing);
    voters.machine(FAILING, machine);
    voters.store(FAILING, failing.resolve("data"));
    voters.form();
    try (RestClient first = voters.client(voters.leader())) {
      namespace = first.createNamespace("faults");
    }
    for (String edge : EDGES) {
      voters.startEdge(edge);
    }
  }

  private void happen(VoterFault fault, SplittableRandom random) throws Exception {
    String leader = voters.leader();
    String follower = other(leader, random);
    switch (fault) {
      case KILL_LEADER -> killed(List.of(leader));
      case KILL_FOLLOWER -> killed(List.of(follower));
      case KILL_MAJORITY -> killed(List.of(leader, follower));
      case KILL_ALL -> killed(QuorumProcesses.NAMES);
      case STOP_LEADER -> stopped(leader);
      case STOP_FOLLOWER -> stopped(follower);
      case CUT_LEADER -> separated(leader, true, true);
      case CUT_FOLLOWER -> separated(follower, true, true);
      case MUTE_LEADER -> separated(leader, true, false);
      case DEAF_LEADER -> separated(leader, false, true);
      case SLOW_LEADER -> slow(leader);
      case FULL_DISK -> fullDisk();
      case FAILING_DISK -> failingDisk(random.nextInt(1, 4));
      case CLOCK -> clock(random.nextBoolean() ? Duration.ofHours(1) : Duration.ofHours(-1));
      case EMPTY_DIRECTORY -> emptied(follower);
      case KILL_EDGE -> {
        voters.kill("edge1");
        round.awaitAllWriters();
        voters.startEdge("edge1");
      }
      case STOP_EDGE -> {
        voters.signal("edge2", "STOP");
        round.awaitAllWriters();
        voters.signal("edge2", "CONT");
      }
    }
  }

  private static String other(String name, SplittableRandom random) {
    List<String> others =
        QuorumProcesses.NAMES.stream().filter(each -> !each.equals(name)).toList();
    return others.get(random.nextInt(others.size()));
  }

  /** Kills voters. The rest continues if it is a majority. */
  private void killed(List<String> names) throws Exception {
    names.forEach(voters::kill);
    if (names.size() == 1) {
      round.awaitWrites(2);
    }
    voters.startAll(names);
  }

  private void stopped(String name) throws Exception {
    voters.signal(name, "STOP");
    try {
      voters.leaderBeside(name);
      round.awaitWrites(2);
    } finally {
      voters.signal(name, "CONT");
    }
  }

  /** Cuts a voter off, and waits until the others write. */
  private void separated(String name, boolean mute, boolean deaf) throws Exception {
    for (String each : QuorumProcesses.NAMES) {
      if (!each.equals(name) && mute) {
        network.loseFrom(name, each);
      }
      if (!each.equals(name) && deaf) {
        network.loseFrom(each, name);
      }
    }
    try {
      voters.leaderBeside(name);
      round.awaitWrites(2);
    } finally {
      network.heal();
    }
  }

  private void slow(String name) throws Exception {
    network.slow(name, Duration.ofMillis(150));
    try {
      round.awaitAllWriters();
    } finally {
      network.heal();
    }
  }

  /**
   * The voter that leads refuses puts, whichever disk is full, or the process on the full disk ends
   * because its log has failed, and the others continue.
   */
  private void fullDisk() throws Exception {
    Path file = disk.fill(FREE_BYTES);
    try {
      Polling.await(
          "puts are refused, or the voter ends",
          () -> round.wasAnswered(FULL) || !voters.isRunning(SMALL));
      if (!voters.isRunning(SMALL)) {
        round.awaitWrites(2);
      }
    } finally {
      Files.delete(file);
    }
    continueOrStart(SMALL);
  }

  private void failingDisk(int failures) throws Exception {
    machine.fail(failures);
    round.awaitWrites(2);
    machine.fail(0);
    continueOrStart(FAILING);
  }

  /** Waits until a voter works again, which is started again if it has ended. */
  private void continueOrStart(String name) throws Exception {
    int before = round.made(name);
    Polling.await(
        "the voter " + name + " works again",
        () -> {
          if (!voters.isRunning(name)) {
            voters.start(name);
          }
          return round.made(name) > before;
        });
  }

  private void clock(Duration jump) throws Exception {
    machine.skew(jump);
    try {
      round.awaitAllWriters();
    } finally {
      machine.skew(Duration.ZERO);
    }
  }

  /** A voter that has lost its directory must not start again under its name. */
  private void emptied(String name) throws Exception {
    Path data = voters.data(name);
    Path aside = data.resolveSibling("aside");
    voters.kill(name);
    Files.move(data, aside);
    ServerProcess empty = voters.spawn(name);
    assertThat(empty.awaitExit()).as(empty.log()).isNotZero();
    assertThat(empty.log()).contains("formed already");
    round.awaitWrites(2);
    SyncedFiles.deleteAll(data);
    Files.move(aside, data);
    voters.start(name);
  }
}
