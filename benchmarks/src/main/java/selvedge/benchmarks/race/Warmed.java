package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One whose every turn begins with its store in the kernel's memory: some machines take back what
 * nobody has read for half a minute, and then a turn would be about the disk.
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
