package selvedge.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The changes of a namespace as they happen, in their order and without a gap.
 *
 * <p>Belongs to one thread; another one may close it.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="watch"}
 */
public interface Watch extends AutoCloseable {

  /**
   * Returns the next change, and waits for it at most so long.
   *
   * <p>Throws a {@link WatchLostException} when the changes can no longer be followed from here,
   * and another {@link SelvedgeException} when the server refuses to show them.
   */
  Optional<Change> next(Duration patience);

  /**
   * Returns whether changes can arrive at the moment: false while the connection to the server is
   * broken or silent.
   */
  default boolean isCurrent() {
    return true;
  }

  /** Everything that is watched for up to here has been returned. */
  Version version();

  @Override
  void close();
}
