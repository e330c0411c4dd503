package selvedge.server.site;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;

/** Writes an entry at an interval, by which edges measure how long changes take to arrive. */
final class PropagationProbe implements Worker {
  private final Namespace system;
  private final InstantSource clock;
  private final Duration interval;
  private final BooleanSupplier present;

  /**
   * @param present returns whether an edge follows this origin
   */
  PropagationProbe(Namespace system, InstantSource clock, Limits limits, BooleanSupplier present) {
    this.system = system;
    this.clock = clock;
    this.interval = limits.seconds(Limit.CANARY_SECONDS);
    this.present = present;
  }

  @Override
  public Duration step() {
    if (present.getAsBoolean()) {
      try {
        system.put(
            StoreReplacement.CANARY, Bytes.utf8(clock.instant().toString()), WriteOptions.PLAIN);
      } catch (SelvedgeException e) {
        // Other writes report a full disk or queue. The next interval tries again.
        return interval;
      }
    }
    return interval;
  }
}
