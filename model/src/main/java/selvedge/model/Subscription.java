package selvedge.model;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the changes of a namespace to a function, in their order and without a gap. Safe for use
 * by many threads.
 *
 * <p>A virtual thread of its own calls the function, one call after the other. A slow function
 * delays later changes; it loses none while the feed has them. The subscription ends when it is
 * closed, when the watch fails, or when the function throws.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="subscribe"}
 */
public final class Subscription implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("selvedge.model");
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  private final Watch watch;
  private final Consumer<Change> consumer;
  private final Consumer<RuntimeException> failed;
  private volatile Version version;
  private volatile boolean ended;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  private Subscription(
      Watch watch, Version after, Consumer<Change> consumer, Consumer<RuntimeException> failed) {
    this.watch = watch;
    this.version = after;
    this.consumer = consumer;
    this.failed = failed;
  }

  /** Starts a thread that calls the functions. */
  static Subscription start(
      Watch watch, Version after, Consumer<Change> consumer, Consumer<RuntimeException> failed) {
    var subscription = new Subscription(watch, after, consumer, failed);
    Thread.ofVirtual().name("selvedge-subscription").start(subscription::run);
    return subscription;
  }

  /** Writes the failure of a subscription to the log. */
  static void log(RuntimeException failure) {
    LOG.log(System.Logger.Level.ERROR, "a subscription has ended", failure);
  }

  private void run() {
    try (watch) {
      while (!closed) {
        Optional<Change> next = watch.next(POLL_INTERVAL);
        if (next.isPresent() && !closed) {
          consumer.accept(next.get());
          version = next.get().version();
        }
      }
    } catch (RuntimeException e) {
      if (!closed) {
        failure = e;
        failed.accept(e);
      }
    } finally {
      ended = true;
    }
  }

  /**
   * Returns the version of the last change that the function has processed. A new subscription that
   * starts after it continues without a gap.
   *
   * @return the version at which the subscription began, if there was no change since
   */
  public Version version() {
    return version;
  }

  /**
   * Returns whether further changes can arrive.
   *
   * @return false after the end of the subscription
   */
  public boolean isActive() {
    return !closed && !ended;
  }

  /**
   * Returns why the subscription has ended.
   *
   * @return the exception of the watch, such as a {@link WatchLostException}, or of the function;
   *     empty while the subscription is active and after it was closed
   */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Ends the subscription. Does not wait for a call of the function that is running; there is no
   * further call after it. Closing again is not an error.
   */
  @Override
  public void close() {
    closed = true;
    watch.close();
  }
}
