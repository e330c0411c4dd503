package selvedge.verification.simulation;

/** A defect that is planted in a cluster, to see that the simulation finds it. */
enum Fault {
  NONE(1),
  /** The disk of the origin reports a sync that it does not make. */
  ORIGIN_SKIPS_SYNC(12),
  /** The disks of the edges report syncs that they do not make. */
  EDGE_SKIPS_SYNC(3),
  /** A change is left out of the feed now and then. */
  CHANGE_LEFT_OUT(1),
  /** Two changes of a feed change their places. */
  CHANGES_SWAPPED(1),
  /** An edge reports to its followers that it is never behind. */
  AGE_FORGOTTEN(1),
  /** The age of an answer counts from its arrival. */
  ANSWER_TAKEN_FOR_QUESTION(7),
  /** Readers get what lies in the store, expired or not. */
  EXPIRY_IGNORED(1),
  /** The version of a reader's session is not compared. */
  SESSION_IGNORED(1),
  /** An edge takes the snapshot of an origin of another cluster. */
  FOREIGN_TAKEN(21),
  /** A backup is restored by a plain copy, and openings have equal ids. */
  RESTORED_AS_COPY(1),
  /** A large value begins anew after each break of the line. */
  VALUES_NOT_RESUMED(59),
  /** A promotion goes on with the next version. */
  PROMOTED_WITHOUT_LEAP(2),
  /** An edge frees a single expired entry at each interval. */
  EDGE_SWEEPS_ONE(1),
  /** A store frees what has expired by a clock that may be wrong. */
  SWEPT_BY_ANY_CLOCK(107),
  /** A server answers no feed that begins before a damaged batch. */
  DAMAGED_FEED_FAILS(315),
  /** An edge takes the snapshot of a server that is behind it. */
  BEHIND_TAKEN(13),
  /** A read of a cached entry names no epoch, so that any lineage answers. */
  CACHED_READ_OF_ANY_LINEAGE(24),
  /** A read of a cached entry names its epoch and not its opening. */
  CACHED_READ_OF_ANY_OPENING(400),
  /** An entry that has expired by the clock of another server is cached as missing. */
  CACHED_BY_CLOCK_OF_SOURCE(194),
  /** An edge does not pass on that a follower has more of its epoch. */
  CLAIM_NOT_PASSED_ON(38_923),
  /** A clock is compared with the newest change, which it may have stamped itself. */
  CLOCK_TRUSTS_ITSELF(44);

  /** The first seed that showed the defect. The test looks there first. */
  final long first;

  Fault(long first) {
    this.first = first;
  }
}
