package selvedge.cluster;

import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * A size of the log of a voter. Ratis keeps the place of each entry in memory, so the number of
 * entries counts as well as their bytes.
 */
public record LogSize(long bytes, long entries) {

  /** Returns how much of its log a voter keeps for the others. */
  static LogSize kept(Limits limits) {
    return new LogSize(limits.get(Limit.VOTER_LOG_BYTES), limits.get(Limit.VOTER_LOG_ENTRIES));
  }

  LogSize minus(LogSize other) {
    return new LogSize(bytes - other.bytes, entries - other.entries);
  }

  LogSize plus(LogSize other) {
    return new LogSize(bytes + other.bytes, entries + other.entries);
  }

  /** Returns whether this is more than a voter keeps. */
  boolean exceeds(LogSize most) {
    return bytes > most.bytes || entries > most.entries;
  }
}
