package selvedge.verification.simulation;

/** What can be planted in a cluster, to see that the simulation finds it. */
enum Fault {
  NONE,
  /** The origin answers before its change is on disk. */
  ORIGIN_SKIPS_SYNC,
  /** An edge shows changes before they are on its disk. */
  EDGE_SKIPS_SYNC,
  /** A change is left out of the feed now and then. */
  CHANGE_LEFT_OUT,
  /** Two changes of a feed change their places. */
  CHANGES_SWAPPED,
  /** An edge tells its followers that it is never behind. */
  AGE_FORGOTTEN,
  /** The origin's answer to how far it is comes from the future by the time on the way. */
  ANSWER_TAKEN_FOR_QUESTION,
  /** Readers get what lies in the store, expired or not. */
  EXPIRY_IGNORED,
  /** A reader's session is not looked at. */
  SESSION_IGNORED
}
