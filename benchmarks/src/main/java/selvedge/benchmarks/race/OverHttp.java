package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Programs that wrk asks.
 *
 * @param operations that each request stands for
 */
record OverHttp(String name, List<Program> programs, Wrk load, int operations) implements Entrant {
  OverHttp(String name, List<Program> programs, Wrk load) {
    this(name, programs, load, 1);
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double before = cpuMicros();
    Wrk.Counted counted = load.run(time);
    double cpu = (cpuMicros() - before) / counted.requests() / operations;
    return new Sample(counted.perSecond() * operations, counted.median(), counted.p99(), cpu);
  }
}
