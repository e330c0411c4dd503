package selvedge.engine.work;

import java.time.Duration;

/**
 * Background work that owns no thread and no sleep.
 *
 * <p>Production runs it on a {@link WorkerThread}; a test steps it by hand.
 */
public interface Worker {

  /** Does a bounded piece of work and returns how long to wait before the next one. */
  Duration step();

  /** Sets the action by which the worker ends such a wait early. */
  default void wakeBy(Runnable waker) {}
}
