package selvedge.verification.process;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Where a test takes its chance from: {@code -Dseed=} if that is given, told when the test fails.
 *
 * <p>Registered with {@code @RegisterExtension} on an instance field.
 */
public final class Seed implements TestExecutionExceptionHandler {
  private final long number = Long.getLong("seed", System.nanoTime());

  /** A generator of its own for each stream, so that one thread's draws do not shift another's. */
  public SplittableRandom random(long stream) {
    return new SplittableRandom(number + stream * 0x9e3779b97f4a7c15L);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new Told(number));
    throw failure;
  }

  /** Names the seed in the report of a failure. */
  private static final class Told extends Exception {
    Told(long number) {
      super("the same choices again: -Dseed=" + number);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
