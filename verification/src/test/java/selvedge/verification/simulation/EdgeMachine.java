package selvedge.verification.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.replication.Position;
import selvedge.model.Change;
import selvedge.model.Version;

/** An edge. Its two workers are stepped when there is something for them to do. */
final class EdgeMachine extends Machine implements Replica.Watcher {
  private final Route route;
  private final boolean forgetsAge;
  private @Nullable Replica replica;
  private boolean asking;
  private Version shown = Version.NONE;

  /**
   * @param route to the machine that it follows
   * @param forgetsAge a fault: whether it tells its followers that it is never behind
   */
  EdgeMachine(World world, String name, Disk disk, Route route, boolean forgetsAge) {
    super(world, name, disk);
    this.route = route;
    this.forgetsAge = forgetsAge;
  }

  @Override
  void boot() {
    var served = new ServedStore(disk, disk, LIMITS, this);
    replica = new Replica(served, this::ticks, route, Selection.EVERYTHING, this);
    route.disconnect();
  }

  @Override
  StoreRole keeper() {
    return replica();
  }

  @Override
  Instant best() {
    return replica().originTime();
  }

  Replica replica() {
    if (replica == null) {
      throw new IllegalStateException("the edge has not been started");
    }
    return replica;
  }

  @Override
  Optional<Position> position() {
    Optional<Duration> age = replica().freshness().age();
    Version version = latest();
    return age.map(
        each ->
            new Position(
                disk.epoch(),
                version,
                forgetsAge ? Duration.ZERO : each,
                replica().originTime(),
                replica().descent().openings().newest()));
  }

  void follow() {
    if (isRunning() && route.isReady()) {
      step(() -> replica().workers().getFirst().step());
    }
  }

  void ask() {
    if (isRunning() && !asking) {
      asking = true;
      step(() -> replica().workers().get(1).step());
      asking = false;
    }
  }

  private void step(Runnable work) {
    try {
      work.run();
    } catch (Disk.PowerCut e) {
      crash();
    }
  }

  /** What it shows now, having shown at least as much before. */
  Version shown() {
    Version latest = latest();
    if (latest.compareTo(shown) < 0) {
      throw new Violation(name + " has shown version " + shown + " and shows " + latest);
    }
    shown = latest;
    return latest;
  }

  @Override
  void crash() {
    super.crash();
    route.disconnect();
  }

  @Override
  public void applied(List<Change> changes) {}

  @Override
  public void lost(String why) {
    throw new Violation(name + " cannot follow: " + why);
  }
}
