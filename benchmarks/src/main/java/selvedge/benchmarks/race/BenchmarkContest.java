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
import selvedge.benchmarks.CachedGetBenchmark;
import selvedge.benchmarks.EmbeddedGetBenchmark;

/**
 * A read that is answered in the process, compared with a Caffeine cache.
 *
 * @param benchmark the benchmark, which has a method {@code caffeine}
 * @param method the method of the benchmark that is compared with it
 * @param name what the method measures
 * @param most the ratio that the target allows
 */
record BenchmarkContest(
    int show, String work, Class<?> benchmark, String method, String name, double most)
    implements Contest {
  private static final String CAFFEINE = "Caffeine";

  static BenchmarkContest embeddedGet() {
    return new BenchmarkContest(
        3,
        "embedded hot get of 1 KiB",
        EmbeddedGetBenchmark.class,
        "embedded",
        "Selvedge, embedded",
        2);
  }

  static BenchmarkContest nearCache() {
    return new BenchmarkContest(
        11,
        "Java program: hit of a near cache of 1 KiB",
        CachedGetBenchmark.class,
        "nearCache",
        "Selvedge, near cache",
        4);
  }

  static BenchmarkContest cachePattern() {
    return new BenchmarkContest(
        11,
        "Java program: hit of the cache pattern of 1 KiB, on an embedded store",
        CachedGetBenchmark.class,
        "cachePattern",
        "Selvedge, cache pattern",
        10);
  }

  @Override
  public String target() {
    return String.format(Locale.ROOT, "≤ %.0f × Caffeine getIfPresent", most);
  }

  @Override
  public List<Entrant> entrants(Environment environment) {
    return List.of(
        new Measured(name, benchmark, method), new Measured(CAFFEINE, benchmark, "caffeine"));
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.cpu(name) / standings.cpu(CAFFEINE);
    return new Verdict(ratio <= most, String.format(Locale.ROOT, "%.2f × Caffeine", ratio));
  }

  /** A method of the benchmark that runs in a new JVM each time. */
  private record Measured(String name, Class<?> benchmark, String method) implements Entrant {
    @Override
    public Sample run(Duration time) throws IOException {
      try {
        double nanos =
            new Runner(
                    new OptionsBuilder()
                        .include(benchmark.getName() + "." + method + "$")
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
