package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One who takes part in a contest. Belongs to one thread. */
interface Entrant extends AutoCloseable {
  String name();

  /** Works for about so long. */
  Sample run(Duration time) throws IOException, InterruptedException;

  /** All that have a part in its work; none if it has no process of its own. */
  List<Program> programs();

  /** The time that its programs have taken so far. */
  default double cpuMicros() throws IOException {
    double micros = 0;
    for (Program program : programs()) {
      micros += program.cpuMicros();
    }
    return micros;
  }

  /** The most memory that its programs have had resident. */
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
