package selvedge.benchmarks.race;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One type of work and the programs that are compared. */
interface Contest {

  /** Returns its number in the table of targets. */
  int show();

  String work();

  String target();

  List<Entrant> entrants(Environment environment) throws IOException, InterruptedException;

  /** Compares the result of Selvedge with the others. */
  Verdict judge(Standings standings);

  /** Returns a special chart if the usual chart of all entrants is not useful. */
  default Optional<Chart> chart(Standings standings) {
    return Optional.empty();
  }

  /**
   * The result of the comparison.
   *
   * @param measured the measured ratios of the target
   */
  record Verdict(boolean met, String measured) {}
}
