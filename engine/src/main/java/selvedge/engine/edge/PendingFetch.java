package selvedge.engine.edge;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import selvedge.engine.cache.HeldEntries.Held;

/** A request to the origin, on which any number of threads wait. Safe for use by many threads. */
final class PendingFetch {
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Held answer;
  private volatile String failure = "the origin has not answered";

  /** Completes the request and wakes the waiting threads. */
  void complete(Held held) {
    answer = held;
    done.countDown();
  }

  /** Fails the request. Has no effect on one that is complete or has failed. */
  void fail(String reason) {
    if (done.getCount() > 0) {
      failure = reason;
    }
    done.countDown();
  }

  /** Waits for the answer and returns it, or throws the failure. */
  Held await() throws IOException {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before there was an answer", e);
    }
    Held held = answer;
    if (held == null) {
      throw new IOException(failure);
    }
    return held;
  }
}
