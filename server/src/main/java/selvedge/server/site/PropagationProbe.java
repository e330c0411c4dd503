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

/** A change at an interval, so that edges can tell how long changes take to become visible. */
final class PropagationProbe implements Worker {
  private final Namespace system;
  private final InstantSource clock;
  private final Duration interval;
  private final BooleanSupplier heard;

  /**
   * @param heard whether there is an edge that listens
   */
  PropagationProbe(Namespace system, InstantSource clock, Limits limits, BooleanSupplier heard) {
    this.system = system;
    this.clock = clock;
    this.interval = limits.seconds(Limit.CANARY_SECONDS);
    this.heard = heard;
  }

  @Override
  public Duration step() {
    if (heard.getAsBoolean()) {
      try {
        system.put(
            StoreReplacement.CANARY, Bytes.utf8(clock.instant().toString()), WriteOptions.PLAIN);
      } catch (SelvedgeException e) {
        // A full disk or queue shows elsewhere; the next canary may fly.
        return interval;
      }
    }
    return interval;
  }
}
