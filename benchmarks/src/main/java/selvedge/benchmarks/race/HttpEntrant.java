package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Programs that wrk sends requests to.
 *
 * @param operations the number of operations per request
 */
record HttpEntrant(String name, List<Program> programs, Wrk load, int operations)
    implements Entrant {
  HttpEntrant(String name, List<Program> programs, Wrk load) {
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
