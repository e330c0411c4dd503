package selvedge.verification.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A file with the seeds that broke no promise: each line has the first and the last of some. Runs
 * continue where the last one ended, so that they add up.
 */
record SeedCount(Path file) {
  private static final int SLICE = 10;

  /** Runs the next seeds until a time, and records them. A seed that fails ends the run. */
  void run(long untilNanos, LongConsumer seed) throws IOException {
    while (System.nanoTime() - untilNanos < 0) {
      long first = next();
      for (long each = first; each < first + SLICE; each++) {
        seed.accept(each);
      }
      Files.writeString(
          file,
          first + " " + (first + SLICE - 1) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private long next() throws IOException {
    List<String> slices = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return slices.isEmpty() ? 1 : 1 + Long.parseLong(slices.getLast().split(" ", -1)[1]);
  }
}
