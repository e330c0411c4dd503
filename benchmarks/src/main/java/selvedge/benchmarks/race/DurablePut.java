package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * New values of 1 KiB, each on disk before its answer. The JVM compiles what it does by how often,
 * so that one connection alone would not get it warm: many warm it up for one as well.
 */
final class DurablePut implements Contest {
  private static final int BYTES = 1024;
  private static final String OURS = "Selvedge PUT";
  private static final String REDIS = "Redis SET, synced";
  private static final String ROCKS = "RocksDB alone, synced";
  private static final String FLOOR = "bare Netty";
  private static final int MANY = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** As long as the answer to a put. */
  private static final int ANSWER_BYTES = 55;

  private final int connections;

  DurablePut(int connections) {
    this.connections = connections;
  }

  @Override
  public int show() {
    return 2;
  }

  @Override
  public String work() {
    return "durable PUT of 1 KiB, "
        + connections
        + (connections == 1 ? " connection" : " connections");
  }

  @Override
  public String target() {
    return "throughput ≥ 1.0 × Redis SET with appendfsync always";
  }

  @Override
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    Path data = field.fresh("put");
    Ours ours = Ours.start(field, data, List.of());
    String script = Puts.script(data, ours.restPath(), BYTES);
    Serving floor = Contestants.netty(field, new byte[ANSWER_BYTES]);
    field.out().printf("\r    warming up ");
    field.out().flush();
    new Wrk(ours.url(), MANY, ours.headers(), script).run(WARM_UP);
    return List.of(
        new OverHttp(
            OURS,
            List.of(ours.program()),
            new Wrk(ours.url(), connections, ours.headers(), script)),
        Redis.start(
            field,
            REDIS,
            connections,
            List.of("--appendonly", "yes", "--appendfsync", "always"),
            List.of("SET", "__rand_int__", "x".repeat(BYTES))),
        Rocks.puts(field, ROCKS, together()),
        new OverHttp(
            FLOOR,
            List.of(floor.program()),
            new Wrk(floor.url(), connections, ours.headers(), script)));
  }

  /** Half of them: while those are written, the others are on their way. */
  private int together() {
    return Math.max(1, connections / 2);
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.perSecond(OURS) / standings.perSecond(REDIS);
    return new Verdict(
        ratio >= 1.0,
        String.format(
            Locale.ROOT,
            "throughput %.2f ×, CPU %.2f ×; the same rows by RocksDB alone, %d at once, and a"
                + " prepared answer by bare Netty: CPU %.2f ×, and one after the other"
                + " throughput %.2f ×",
            ratio,
            standings.cpu(OURS) / standings.cpu(REDIS),
            together(),
            (standings.cpu(ROCKS) + standings.cpu(FLOOR)) / standings.cpu(REDIS),
            1
                / (1 / standings.perSecond(ROCKS) + 1 / standings.perSecond(FLOOR))
                / standings.perSecond(REDIS)));
  }
}
