package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** New values of 1 KiB, each on disk before its answer. */
final class DurablePut implements Contest {
  private static final int BYTES = 1024;
  private static final String OURS = "Selvedge PUT";
  private static final String REDIS = "Redis SET, synced";
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
    String path = ours.rest().substring(ours.url().length());
    String script = Puts.script(data, path, BYTES);
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
            List.of("SET", "__rand_int__", "x".repeat(BYTES))));
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.perSecond(OURS) / standings.perSecond(REDIS);
    return new Verdict(
        ratio >= 1.0,
        String.format(
            Locale.ROOT,
            "throughput %.2f ×, CPU %.2f ×",
            ratio,
            standings.cpu(OURS) / standings.cpu(REDIS)));
  }
}
