package selvedge.engine.form;

import selvedge.model.StoreUnusableException;

/**
 * What is stored or travels in numbered forms, with the numbers that this release knows. A change
 * that an older release would misread gets a new number.
 *
 * <p>Files of a single machine change to the newest form when they are opened. Voters write the
 * form of their cluster, which only {@code selvedge cluster upgrade} changes. What travels is
 * written for each connection in the newest form that both ends know.
 */
public enum Form {
  /** The files of a store, named in its file {@code format}. */
  STORE("store", 2, 3),

  /** The file {@code manifest} of a backup. */
  BACKUP("backup", 1, 1),

  /** The frames of a feed for replicas. */
  FEED("feed", 1, 1),

  /** The frames of a snapshot. */
  SNAPSHOT("snapshot", 1, 1),

  /** The report of a replica, and the position that it gets. */
  POSITION("position", 1, 1),

  /** What the voters of a cluster write: their file {@code voter}, and entries of their log. */
  CLUSTER("cluster", 1, 2),

  /** The bytes of an entry of the log. Form 2 is an encrypted entry of form 1. */
  LOG_ENTRY("log entry", 1, 2),

  /** The file {@code voter.key} with the key of the log. */
  LOG_KEY("log key", 1, 1),

  /** What voters send each other while they form a cluster. */
  GREETING("greeting", 1, 2);

  private final String label;
  private final int oldest;
  private final int newest;

  Form(String label, int oldest, int newest) {
    this.label = label;
    this.oldest = oldest;
    this.newest = newest;
  }

  /** Returns the name in messages and documents. */
  public String label() {
    return label;
  }

  /** Returns the oldest form that this release reads. */
  public int oldest() {
    return oldest;
  }

  /** Returns the newest form that this release reads, which it writes if the others know it. */
  public int newest() {
    return newest;
  }

  /**
   * Returns the newest form that both ends know.
   *
   * @param announced the newest form of the other end
   */
  public int common(int announced) {
    return Math.min(newest, announced);
  }

  /**
   * Requires a form that this release reads.
   *
   * @param place where the form was found
   */
  public void require(int number, String place) {
    require(number, newest, place);
  }

  /**
   * As {@link #require(int, String)}, for a release whose newest form is another one.
   *
   * @param known the newest form of that release
   */
  public void require(int number, int known, String place) {
    if (number < oldest || number > known) {
      throw new StoreUnusableException(
          place
              + " has the "
              + label
              + " form "
              + number
              + ", and this release reads "
              + (oldest == known ? "form " + known : "forms " + oldest + " to " + known)
              + (number > known ? ": start the newer release" : ""));
    }
  }
}
