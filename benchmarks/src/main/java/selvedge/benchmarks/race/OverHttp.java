package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;

/** A program that wrk asks. */
record OverHttp(String name, Program program, Wrk load) implements Entrant {
  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double before = program.cpuMicros();
    Wrk.Counted counted = load.run(time);
    double cpu = (program.cpuMicros() - before) / counted.requests();
    return new Sample(counted.perSecond(), counted.median(), counted.p99(), cpu);
  }

  @Override
  public long peakBytes() throws IOException {
    return program.peakBytes();
  }

  @Override
  public void close() {
    program.close();
  }
}
