package selvedge.verification.simulation;

/** A defect that is planted in a cluster, to see that the simulation finds it. */
enum Fault {
  NONE,
  /** The disk of the origin reports a sync that it does not make. */
  ORIGIN_SKIPS_SYNC,
  /** The disks of the edges report syncs that they do not make. */
  EDGE_SKIPS_SYNC,
  /** A change is left out of the feed now and then. */
  CHANGE_LEFT_OUT,
  /** Two changes of a feed change their places. */
  CHANGES_SWAPPED,
  /** An edge reports to its followers that it is never behind. */
  AGE_FORGOTTEN,
  /** The age of an answer counts from its arrival. */
  ANSWER_TAKEN_FOR_QUESTION,
  /** Readers get what lies in the store, expired or not. */
  EXPIRY_IGNORED,
  /** The version of a reader's session is not compared. */
  SESSION_IGNORED,
  /** An edge takes the snapshot of an origin of another cluster. */
  FOREIGN_TAKEN,
  /** A backup is restored by a plain copy, and openings have equal ids. */
  RESTORED_AS_COPY,
  /** A large value begins anew after each break of the line. */
  VALUES_NOT_RESUMED,
  /** A promotion goes on with the next version. */
  PROMOTED_WITHOUT_LEAP,
  /** An edge frees a single expired entry at each interval. */
  EDGE_SWEEPS_ONE,
  /** A store frees what has expired by a clock that may be wrong. */
  SWEPT_BY_ANY_CLOCK,
  /** A server answers no feed that begins before a damaged batch. */
  DAMAGED_FEED_FAILS,
  /** An edge takes the snapshot of a server that is behind it. */
  BEHIND_TAKEN,
  /** A read of a cached entry names no epoch, so that any lineage answers. */
  CACHED_READ_OF_ANY_LINEAGE,
  /** An entry that has expired by the clock of another server is cached as missing. */
  CACHED_BY_CLOCK_OF_SOURCE
}
