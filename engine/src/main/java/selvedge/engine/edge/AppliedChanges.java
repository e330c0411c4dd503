package selvedge.engine.edge;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * The arrivals of a replica whose store is changed by another thread. It only does the upkeep.
 *
 * <p>One thread steps it; any thread may read the connection.
 */
final class AppliedChanges implements Arrivals {
  private static final Duration BETWEEN_PIECES = Duration.ofMillis(10);
  private static final Duration BETWEEN_CHECKS = Duration.ofMillis(250);

  private final Follower.Intake intake;
  private final BooleanSupplier connected;
  private final InstantSource clock;
  private volatile Follower.Connection connection;

  AppliedChanges(Follower.Intake intake, BooleanSupplier connected, InstantSource clock) {
    this.intake = intake;
    this.connected = connected;
    this.clock = clock;
    this.connection = state(connected.getAsBoolean());
  }

  private Follower.Connection state(boolean open) {
    return new Follower.Connection(
        open, clock.instant(), open ? "" : "this voter receives no changes from a leader");
  }

  @Override
  public Duration step() {
    boolean open = connected.getAsBoolean();
    if (open != connection.open()) {
      connection = state(open);
    }
    return intake.upkeep() ? BETWEEN_PIECES : BETWEEN_CHECKS;
  }

  @Override
  public Follower.Connection connection() {
    return connection;
  }

  @Override
  public void close() {}
}
