package selvedge.verification.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A file with the seeds that were run: each line has the first and the last of some, and those that
 * broke a promise. Runs continue where the last one ended, so that they add up.
 */
record SeedCount(Path file) {
  private static final int SLICE = 10;

  /**
   * Runs the next seeds until a time, and records them. Throws at the end if one of them failed.
   */
  void run(long untilNanos, LongConsumer seed) throws IOException {
    List<AssertionError> failures = new ArrayList<>();
    while (System.nanoTime() - untilNanos < 0) {
      long first = next();
      long last = first + SLICE - 1;
      var line = new StringBuilder(first + " " + last);
      for (long each = first; each <= last; each++) {
        try {
          seed.accept(each);
        } catch (AssertionError e) {
          line.append(" failed ").append(each);
          failures.add(e);
        }
      }
      Files.writeString(
          file, line.append('\n'), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private long next() throws IOException {
    List<String> slices = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return slices.isEmpty() ? 1 : 1 + Long.parseLong(slices.getLast().split(" ", -1)[1]);
  }
}
