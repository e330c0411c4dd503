package selvedge.engine.store;

import selvedge.engine.work.WriterOnly;

/**
 * A commit that has begun. Belongs to the writer of its {@link Store}.
 *
 * <p>If a method throws, the commit has no effect. Commits that were begun later fail too, and so
 * do those that were to become durable by the same sync.
 */
@WriterOnly
public interface Pending {

  /**
   * Starts the sync on the sync thread and returns at once. No other commit may begin until {@link
   * #await} returns.
   */
  default void startSync() {}

  /** Waits until this commit and all earlier ones are durable. They are not visible yet. */
  default void await() {}

  /** Makes the durable changes visible. */
  void finish();

  /** Takes back the changes, which are not visible yet. */
  default void withdraw() {}

  /** Makes the changes durable and visible. */
  default void complete() {
    await();
    finish();
  }
}
