package selvedge.verification.process;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The source of randomness of a test: {@code -Dseed=} or a random seed. A failure contains the
 * seed.
 *
 * <p>Registered with {@code @RegisterExtension} on an instance field.
 */
public final class Seed implements TestExecutionExceptionHandler {
  private final long number = Long.getLong("seed", System.nanoTime());

  /**
   * Returns the generator of a stream. Each thread uses its own, so that threads do not change each
   * other's values.
   */
  public SplittableRandom random(long stream) {
    return new SplittableRandom(number + stream * 0x9e3779b97f4a7c15L);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new ReportedSeed(number));
    throw failure;
  }

  /** Adds the seed to the report of a failure. */
  private static final class ReportedSeed extends Exception {
    ReportedSeed(long number) {
      super("the same choices again: -Dseed=" + number);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
