package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Puts of new values of 1 KiB, each on disk before its response. One connection makes too few calls
 * to warm up the JVM, so the warm-up uses many connections in both cases.
 */
final class DurablePut implements Contest {
  private static final int BYTES = 1024;
  private static final String OURS = "Selvedge PUT";
  private static final String REDIS = "Redis SET, synced";
  private static final String ROCKS = "RocksDB alone, synced";
  private static final String FLOOR = "bare Netty";
  private static final int MANY = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** The size of the response to a put. */
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
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    Path data = environment.newFolder("put");
    SelvedgeServer server = SelvedgeServer.start(environment, data, List.of());
    String script = Puts.script(data, server.restPath(), BYTES);
    ServedValue floor = Contestants.netty(environment, new byte[ANSWER_BYTES]);
    environment.out().printf("\r    warming up ");
    environment.out().flush();
    new Wrk(server.url(), MANY, server.headers(), script).run(WARM_UP);
    return List.of(
        new HttpEntrant(
            OURS,
            List.of(server.program()),
            new Wrk(server.url(), connections, server.headers(), script)),
        Redis.start(
            environment,
            REDIS,
            connections,
            List.of("--appendonly", "yes", "--appendfsync", "always"),
            List.of("SET", "__rand_int__", "x".repeat(BYTES))),
        Rocks.puts(environment, ROCKS, together()),
        new HttpEntrant(
            FLOOR,
            List.of(floor.program()),
            new Wrk(floor.url(), connections, server.headers(), script)));
  }

  /** Returns half of the connections: while one half is written, the other half is in flight. */
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
            "throughput %.2f ×, CPU %.2f ×; the same rows by RocksDB alone in batches of %d, and"
                + " a prepared response by bare Netty: CPU %.2f ×, and sequentially throughput"
                + " %.2f ×",
            ratio,
            standings.cpu(OURS) / standings.cpu(REDIS),
            together(),
            (standings.cpu(ROCKS) + standings.cpu(FLOOR)) / standings.cpu(REDIS),
            1
                / (1 / standings.perSecond(ROCKS) + 1 / standings.perSecond(FLOOR))
                / standings.perSecond(REDIS)));
  }
}
