package selvedge.benchmarks.race;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One kind of work, and those who do it. */
interface Contest {

  /** Its number in the table of targets. */
  int show();

  String work();

  String target();

  List<Entrant> entrants(Field field) throws IOException, InterruptedException;

  /** Compares ours with the others, whose names it knows. */
  Verdict judge(Standings standings);

  /** A chart of its own, where bars of all entrants beside each other say little. */
  default Optional<Chart> chart(Standings standings) {
    return Optional.empty();
  }

  /**
   * What came of it.
   *
   * @param measured the ratios that the target speaks of
   */
  record Verdict(boolean met, String measured) {}
}
