package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * An entrant whose turns begin with its store in the memory of the kernel. Some machines free
 * memory that was not read for half a minute; a turn would then measure the disk.
 */
record Warmed(Entrant entrant, ManyKeys many) implements Entrant {
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
