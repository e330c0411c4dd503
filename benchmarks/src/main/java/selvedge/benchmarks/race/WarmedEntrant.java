package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * An entrant whose store is read into the page cache before each turn. Some machines free pages
 * that were not read for half a minute, and the turn would then measure the disk.
 */
record WarmedEntrant(Entrant entrant, ManyKeys many) implements Entrant {
  @Override
  public String name() {
    return entrant.name();
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    many.read();
    return entrant.run(time);
  }

  @Override
  public List<Program> programs() {
    return entrant.programs();
  }
}
