package selvedge.verification.faults;

import java.time.Duration;

/**
 * The pace of a client of a round: as fast as it can at first, and then with pauses. Otherwise a
 * server that starts in a long round shares the processors with more load than it takes to find a
 * violation. Belongs to one thread.
 */
final class Pace {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(50);

  private int left;

  /**
   * @param fast the number of calls without pauses
   */
  Pace(int fast) {
    this.left = fast;
  }

  /** Pauses after a call, as a client does after a failure. */
  void pauseAfter(boolean success) {
    left--;
    if (!success) {
      sleep(PAUSE_AFTER_FAILURE);
    } else if (left < 0) {
      sleep(PAUSE);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
