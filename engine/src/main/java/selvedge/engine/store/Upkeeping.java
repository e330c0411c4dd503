package selvedge.engine.store;

import java.time.InstantSource;
import selvedge.model.Limit;
import selvedge.model.Limits;

/** What a store has to free, and how far it is with that. Belongs to the store's writer. */
record Upkeeping(Expiries expiries, Garbage garbage, Cleared cleared) {

  static Upkeeping of(Rocks rocks, Chunks chunks, Limits limits, InstantSource clock) {
    var garbage = new Garbage(rocks, chunks, limits);
    return new Upkeeping(
        new Expiries(rocks, garbage, clock, limits.get(Limit.UPKEEP_BYTES)),
        garbage,
        new Cleared(rocks, garbage, limits.size(Limit.UPKEEP_ROWS)));
  }
}
