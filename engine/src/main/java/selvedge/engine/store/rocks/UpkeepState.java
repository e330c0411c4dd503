package selvedge.engine.store.rocks;

import java.time.InstantSource;
import selvedge.model.Limit;
import selvedge.model.Limits;

/** The data that a store has to free, with the progress. Confined to the writer. */
record UpkeepState(
    Expiries expiries, Garbage garbage, ClearedRanges cleared, Reclaiming reclaiming) {

  static UpkeepState of(
      Tables rocks, Chunks chunks, Limits limits, InstantSource clock, Reclaiming reclaiming) {
    var garbage = new Garbage(rocks, chunks, limits, reclaiming::freed);
    return new UpkeepState(
        new Expiries(rocks, garbage, clock, limits.get(Limit.UPKEEP_BYTES)),
        garbage,
        new ClearedRanges(rocks, garbage, limits.size(Limit.UPKEEP_ROWS)),
        reclaiming);
  }
}
