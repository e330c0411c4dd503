package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A program that takes part in a contest. Belongs to one thread. */
interface Entrant extends AutoCloseable {
  String name();

  /** Works for about the given time and returns the measurement. */
  Sample run(Duration time) throws IOException, InterruptedException;

  /** Returns the processes that do its work; empty if it has no separate process. */
  List<Program> programs();

  /** Returns the CPU time of its processes so far. */
  default double cpuMicros() throws IOException {
    double micros = 0;
    for (Program program : programs()) {
      micros += program.cpuMicros();
    }
    return micros;
  }

  /** Returns the maximum resident memory of its processes. */
  default long peakBytes() throws IOException {
    long bytes = 0;
    for (Program program : programs()) {
      bytes += program.peakBytes();
    }
    return bytes;
  }

  @Override
  default void close() {
    programs().forEach(Program::close);
  }
}
