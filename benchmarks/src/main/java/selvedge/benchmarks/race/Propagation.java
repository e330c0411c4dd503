package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long after its commit at the origin a change is in the store of an edge, under a steady load.
 *
 * <p>The edge measures it by the machine's clock, from the moment of the commit to that of its own:
 * the generator of the load is not on that way. It is wrk, whose connections pause between two
 * puts, and takes a small part of the processors.
 */
final class Propagation implements Contest {
  private static final String OURS = "Selvedge, origin to edge";
  private static final int BYTES = 100;
  private static final int CONNECTIONS = 128;

  /** Somewhat more than 2,000 puts a second, of which each takes a few milliseconds besides. */
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
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    Ours origin = Ours.start(field, field.fresh("origin"), List.of());
    Ours edge = Ours.edge(field, field.fresh("edge"), origin);
    String script = Puts.paced(field.fresh("paced"), origin.restPath(), BYTES, PAUSE_MILLIS);
    Wrk load = new Wrk(origin.url(), CONNECTIONS, origin.headers(), script);
    return List.of(new Writing(origin, edge, load));
  }

  /** Writes at the origin and asks the edge. */
  private record Writing(Ours origin, Ours edge, Wrk load) implements Entrant {
    @Override
    public String name() {
      return OURS;
    }

    @Override
    public Sample run(Duration time) throws IOException, InterruptedException {
      double before = edge.program().cpuMicros();
      Wrk.Counted counted = load.run(time);
      double cpu = (edge.program().cpuMicros() - before) / counted.requests();
      String status = Answers.send("GET", edge.url() + "/v1/status", Ours.TOKEN, "");
      return new Sample(
          counted.perSecond(), millis(status, "p50") * 1e3, millis(status, "p99") * 1e3, cpu);
    }

    private static double millis(String status, String name) throws IOException {
      Matcher matcher = Pattern.compile("\"" + name + "_millis\":([\\d.]+)").matcher(status);
      if (!matcher.find()) {
        throw new IOException("the edge does not say its " + name + ": " + status);
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
