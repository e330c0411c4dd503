package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time between the commit of a change at the origin and at an edge, under a steady load.
 *
 * <p>The edge measures it with the clock of the machine, between both commits, so the load
 * generator is not part of it. The generator is wrk, whose connections pause between puts; it uses
 * a small part of the processors.
 */
final class Propagation implements Contest {
  private static final String OURS = "Selvedge, origin to edge";
  private static final int BYTES = 100;
  private static final int CONNECTIONS = 128;

  /**
   * The pause for slightly more than 2,000 puts per second, because each put takes a few
   * milliseconds.
   */
  private static final int PAUSE_MILLIS = 57;

  private static final double MOST_MILLIS = 10;

  @Override
  public int show() {
    return 7;
  }

  @Override
  public String work() {
    return "propagation to an edge under 2,000 writes a second";
  }

  @Override
  public String target() {
    return "p99 ≤ 10 ms";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    SelvedgeServer origin =
        SelvedgeServer.start(environment, environment.newFolder("origin"), List.of());
    SelvedgeServer edge = SelvedgeServer.edge(environment, environment.newFolder("edge"), origin);
    String script =
        Puts.paced(environment.newFolder("paced"), origin.restPath(), BYTES, PAUSE_MILLIS);
    Wrk load = new Wrk(origin.url(), CONNECTIONS, origin.headers(), script);
    return List.of(new Writing(origin, edge, load));
  }

  /** Writes at the origin and reads the status of the edge. */
  private record Writing(SelvedgeServer origin, SelvedgeServer edge, Wrk load) implements Entrant {
    @Override
    public String name() {
      return OURS;
    }

    @Override
    public Sample run(Duration time) throws IOException, InterruptedException {
      double before = edge.program().cpuMicros();
      Wrk.Counted counted = load.run(time);
      double cpu = (edge.program().cpuMicros() - before) / counted.requests();
      String status = HttpRequests.send("GET", edge.url() + "/v1/status", SelvedgeServer.TOKEN, "");
      return new Sample(
          counted.perSecond(), millis(status, "p50") * 1e3, millis(status, "p99") * 1e3, cpu);
    }

    private static double millis(String status, String name) throws IOException {
      Matcher matcher = Pattern.compile("\"" + name + "_millis\":([\\d.]+)").matcher(status);
      if (!matcher.find()) {
        throw new IOException("the status of the edge has no " + name + ": " + status);
      }
      return Double.parseDouble(matcher.group(1));
    }

    @Override
    public List<Program> programs() {
      return List.of(edge.program(), origin.program());
    }

    @Override
    public long peakBytes() throws IOException {
      return edge.program().peakBytes();
    }
  }

  @Override
  public Verdict judge(Standings standings) {
    double millis = standings.median(OURS, Sample::p99) / 1e3;
    return new Verdict(
        millis <= MOST_MILLIS,
        String.format(
            Locale.ROOT,
            "p99 %.1f ms at %,.0f writes a second",
            millis,
            standings.perSecond(OURS)));
  }
}
