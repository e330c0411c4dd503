package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import selvedge.benchmarks.EmbeddedGetBenchmark;

/** An embedded get of an entry in memory, compared with a Caffeine cache. */
final class EmbeddedGet implements Contest {
  private static final String OURS = "Selvedge, embedded";
  private static final String CAFFEINE = "Caffeine";
  private static final double MOST = 2;

  @Override
  public int show() {
    return 3;
  }

  @Override
  public String work() {
    return "embedded hot get of 1 KiB";
  }

  @Override
  public String target() {
    return "≤ 2 × Caffeine getIfPresent";
  }

  @Override
  public List<Entrant> entrants(Environment environment) {
    return List.of(new Measured(OURS, "embedded"), new Measured(CAFFEINE, "caffeine"));
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.cpu(OURS) / standings.cpu(CAFFEINE);
    return new Verdict(ratio <= MOST, String.format(Locale.ROOT, "%.2f × Caffeine", ratio));
  }

  /** A method of the benchmark that runs in a new JVM each time. */
  private record Measured(String name, String method) implements Entrant {
    @Override
    public Sample run(Duration time) throws IOException {
      try {
        double nanos =
            new Runner(
                    new OptionsBuilder()
                        .include(EmbeddedGetBenchmark.class.getName() + "." + method + "$")
                        .forks(1)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.seconds(time.toSeconds()))
                        .measurementIterations(1)
                        .measurementTime(TimeValue.seconds(time.toSeconds()))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle()
                .getPrimaryResult()
                .getScore();
        double micros = nanos / 1000;
        return new Sample(1e9 / nanos, micros, micros, micros);
      } catch (RunnerException e) {
        throw new IOException("the benchmark " + method + " has failed", e);
      }
    }

    @Override
    public List<Program> programs() {
      return List.of();
    }
  }
}
