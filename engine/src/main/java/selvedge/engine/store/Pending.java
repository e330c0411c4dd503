package selvedge.engine.store;

import selvedge.engine.work.WriterOnly;

/**
 * Changes on their way into a {@link Store}. Belongs to the writer.
 *
 * <p>When a method throws, nothing has changed, and what was begun later fails, too, as does what
 * was to become durable together with it.
 */
@WriterOnly
public interface Pending {

  /**
   * Goes on with making durable what has been begun while the caller does something else. Nothing
   * more is begun until it is awaited.
   */
  default void startSync() {}

  /**
   * Returns once the changes are durable, and with them all that has been begun; nobody sees them
   * yet.
   */
  default void await() {}

  /** Shows the changes, which are durable. */
  void finish();

  /** Takes the changes back, which nobody has seen. */
  default void withdraw() {}

  /** Makes the changes durable and shows them. */
  default void complete() {
    await();
    finish();
  }
}
