package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;

/** One who takes part in a contest. Belongs to one thread. */
interface Entrant extends AutoCloseable {
  String name();

  /** Works for about so long. */
  Sample run(Duration time) throws IOException, InterruptedException;

  /** The most memory that its processes have had resident; 0 if it has none of its own. */
  long peakBytes() throws IOException;

  @Override
  void close();
}
