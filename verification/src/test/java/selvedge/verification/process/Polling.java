package selvedge.verification.process;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions in other processes. */
public final class Polling {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Polling() {}

  /** Polls the condition and fails if it does not hold within two minutes. */
  public static void await(String description, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + TIMEOUT.toSeconds() + " s: " + description);
      }
      Thread.sleep(PAUSE);
    }
  }
}
