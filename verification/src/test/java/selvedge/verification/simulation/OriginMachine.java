package selvedge.verification.simulation;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Position;
import selvedge.engine.work.Worker;

/** The origin. Its writer works as soon as something is submitted. */
final class OriginMachine extends Machine {
  private @Nullable Origin origin;

  OriginMachine(World world, Disk disk) {
    super(world, "origin", disk);
  }

  @Override
  void boot() {
    var served = new ServedStore(disk, disk, LIMITS, this);
    Origin fresh = new Origin(served, this::ticks, world.random, Meter.NONE);
    Worker writer = fresh.workers().getFirst();
    writer.wakeBy(writer::step);
    origin = fresh;
  }

  @Override
  StoreRole keeper() {
    if (origin == null) {
      throw new IllegalStateException("the origin has not been started");
    }
    return origin;
  }

  /** Sweeps what has expired. */
  void sweep() {
    if (isRunning()) {
      keeper().workers().get(1).step();
    }
  }

  @Override
  Optional<Position> position() {
    long opening = keeper().descent().openings().newest();
    return Optional.of(new Position(disk.epoch(), latest(), Duration.ZERO, instant(), opening));
  }
}
