package selvedge.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The changes of a namespace while they happen, in their order, without a gap and without
 * duplicates.
 *
 * <p>A watch belongs to one thread; another one may close it.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="watch"}
 */
public interface Watch extends AutoCloseable {

  /**
   * Returns the next change, and waits for it if necessary. A broken connection is not an error:
   * the watch connects again and continues after the last change.
   *
   * @param patience the longest time to wait; zero to wait for none
   * @return empty if there was no change in that time, or the watch was closed
   * @throws WatchLostException if the changes after the last one are no longer kept
   * @throws ClosedException if the store or client was closed
   * @throws SelvedgeException if the server refuses the watch
   */
  Optional<Change> next(Duration patience);

  /**
   * Returns whether changes can arrive at the moment. Does not block.
   *
   * @return false while the connection to the server is broken or silent
   */
  default boolean isCurrent() {
    return true;
  }

  /**
   * Returns the version up to which all watched changes were returned: the start of a new watch.
   * Does not block.
   *
   * @return the version
   */
  Version version();

  /** Ends the watch, also one that another thread waits for. Closing again is not an error. */
  @Override
  void close();
}
