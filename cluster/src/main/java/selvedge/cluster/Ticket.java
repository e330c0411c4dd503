package selvedge.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import selvedge.engine.namespace.OutcomeUnknownException;
import selvedge.model.OverloadedException;

/**
 * An entry that the leader has submitted to the log, until it is known what became of it. Safe for
 * use by many threads.
 *
 * <p>An entry that was appended to the log of this voter may be committed later, also by another
 * leader. It is decided when the entry is applied here, or an entry of a later term.
 */
final class Ticket {
  /** How long a caller waits for the decision after this voter has lost the leadership. */
  static final Duration DECISION = Duration.ofSeconds(5);

  /** How long a caller waits in any case. A leader without a majority steps down much earlier. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final long term;
  private final long submitted;
  private final CountDownLatch decided = new CountDownLatch(1);
  private final CountDownLatch failed = new CountDownLatch(1);
  private volatile boolean appended;
  private volatile boolean made;
  private volatile @Nullable String refusal;

  /**
   * @param submitted the time of the submission, in ticks
   */
  Ticket(long term, long submitted) {
    this.term = term;
    this.submitted = submitted;
  }

  long term() {
    return term;
  }

  long submitted() {
    return submitted;
  }

  /** Records that the entry is about to be appended to the log of this voter. */
  void appended() {
    appended = true;
  }

  boolean isAppended() {
    return appended;
  }

  /** Records that the entry was applied. */
  void made() {
    made = true;
    decided.countDown();
    failed.countDown();
  }

  /** Records that the entry was replaced or never appended, so that it will never be applied. */
  void notMade(String reason) {
    refusal = reason;
    decided.countDown();
    failed.countDown();
  }

  /** Records that the submission failed. An entry that was never appended is decided by that. */
  void failed(String reason) {
    if (!appended) {
      notMade(reason);
    }
    failed.countDown();
  }

  /**
   * Returns once the entry is applied.
   *
   * @throws OverloadedException if the entry will never be applied
   * @throws OutcomeUnknownException if that is not known in time
   */
  void await() {
    try {
      if (failed.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        boolean _ = decided.await(DECISION.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (made) {
      return;
    }
    String reason = refusal;
    if (reason != null) {
      throw new OverloadedException("the write was not made: " + reason);
    }
    throw new OutcomeUnknownException(
        "this server lost the leadership during the write, so its outcome is unknown: read the key"
            + " before you repeat the write");
  }
}
