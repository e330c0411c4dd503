package selvedge.verification.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.replication.Position;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.Version;

/** A process on a machine of its own: up, paused or down, with clocks that may be wrong. */
abstract class Machine implements InstantSource {
  static final Limits LIMITS = Limits.of(Profile.OPEN).with(Limit.EXPIRY_GRACE_SECONDS, 0);

  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  final World world;
  final String name;
  final Disk disk;
  private final long bootTick;
  private final List<Line> served = new ArrayList<>();
  private Duration skew = Duration.ZERO;
  private Instant latestSeen = START;
  private long pausedUntil;
  private boolean up;

  Machine(World world, String name, Disk disk) {
    this.world = world;
    this.name = name;
    this.disk = disk;
    this.bootTick = world.random.nextLong();
  }

  abstract StoreRole keeper();

  abstract Optional<Position> position();

  /** Builds what runs here from what is on the disk. */
  abstract void boot();

  @Override
  public Instant instant() {
    Instant now = START.plusNanos(world.now()).plus(skew);
    latestSeen = now.isAfter(latestSeen) ? now : latestSeen;
    return now;
  }

  /** The latest time by which expiry was ever judged here: what expired then may be gone. */
  Instant latestSeen() {
    Instant now = best();
    latestSeen = now.isAfter(latestSeen) ? now : latestSeen;
    return latestSeen;
  }

  /** The time by which expiry is judged here. */
  Instant best() {
    return instant();
  }

  long ticks() {
    return bootTick + world.now();
  }

  /** Sets the clock wrong. */
  void skew(Duration given) {
    skew = given;
  }

  void pause(Duration time) {
    pausedUntil = world.now() + time.toNanos();
  }

  boolean isUp() {
    return up;
  }

  /** Whether it does anything at this moment. */
  boolean isRunning() {
    return up && world.now() >= pausedUntil;
  }

  /** A power cut while it starts makes it start once more. */
  void start() {
    while (!up) {
      try {
        disk.restart();
        boot();
        up = true;
      } catch (Disk.PowerCut e) {
        served.clear();
      }
    }
  }

  /** Loses everything that is not on the disk. */
  void crash() {
    if (up) {
      up = false;
      List.copyOf(served).forEach(line -> line.cut(world.between(0, 2_000_000)));
      served.clear();
    }
  }

  void serves(Line line) {
    served.add(line);
  }

  Version latest() {
    return disk.latest();
  }

  @Override
  public String toString() {
    return name;
  }
}
