package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Puts of 1 KiB that a majority of three has on disk before the response, all on this machine:
 * three voters, three nodes of etcd, one server alone, and three files that are synced.
 */
final class QuorumPut implements Contest {
  private static final int BYTES = 1024;
  private static final String OURS = "Selvedge, three voters";
  private static final String ALONE = "Selvedge, one server";
  private static final String ETCD = "etcd, three nodes";
  private static final String FILES = "three files, synced";
  private static final int MANY = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final double PART_OF_ONE = 0.3;
  private static final double TIMES_ETCD = 3;
  private static final double MORE_THAN_FILES_MICROS = 2000;

  private final int connections;
  private @Nullable ThreeVoters voters;

  QuorumPut(int connections) {
    this.connections = connections;
  }

  @Override
  public int show() {
    return 12;
  }

  @Override
  public String work() {
    return "PUT of 1 KiB at three voters on one machine, "
        + connections
        + (connections == 1 ? " connection" : " connections");
  }

  @Override
  public String target() {
    return connections == 1
        ? "p50 ≤ 2 ms more than three files that are synced"
        : "throughput ≥ 0.3 × one server, and ≥ 3 × etcd";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    ThreeVoters three = ThreeVoters.start(environment, OURS, connections, BYTES);
    voters = three;
    entrants.add(three);
    Path data = environment.newFolder("alone");
    SelvedgeServer alone = SelvedgeServer.start(environment, data, List.of());
    String script = Puts.script(data, alone.restPath(), BYTES);
    new Wrk(alone.url(), MANY, alone.headers(), script).run(WARM_UP);
    entrants.add(
        new HttpEntrant(
            ALONE,
            List.of(alone.program()),
            new Wrk(alone.url(), connections, alone.headers(), script)));
    if (Etcd.isInstalled()) {
      entrants.add(Etcd.start(environment, ETCD, connections, BYTES));
    } else {
      environment
          .out()
          .println("    etcd is not installed, so it is left out: apt-get install etcd-server");
    }
    entrants.add(new ThreeFiles(environment, FILES, BYTES, Math.max(1, connections / 2)));
    return entrants;
  }

  @Override
  public Verdict judge(Standings standings) {
    double part = standings.perSecond(OURS) / standings.perSecond(ALONE);
    double times = standings.perSecond(OURS) / standings.perSecond(ETCD);
    double more = standings.median(OURS, Sample::median) - standings.median(FILES, Sample::median);
    boolean met =
        connections == 1
            ? more <= MORE_THAN_FILES_MICROS
            : part >= PART_OF_ONE && times >= TIMES_ETCD;
    return new Verdict(
        met,
        String.format(
            Locale.ROOT,
            "throughput %.2f × one server, %s; p50 %.1f ms more than three synced files; %s",
            part,
            Double.isNaN(times)
                ? "etcd was not measured"
                : String.format(Locale.ROOT, "%.2f × etcd", times),
            more / 1e3,
            voters == null ? "" : voters.shares()));
  }
}
