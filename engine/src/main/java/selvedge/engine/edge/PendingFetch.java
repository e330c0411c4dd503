package selvedge.engine.edge;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import selvedge.engine.cache.HeldEntries.Held;

/** A question on its way to the origin, for which any number of threads wait. */
final class PendingFetch {
  private final CountDownLatch landed = new CountDownLatch(1);
  private volatile @Nullable Held answer;
  private volatile String failure = "nobody has answered";

  void land(Held given) {
    answer = given;
    landed.countDown();
  }

  /** Changes nothing once it has landed or failed. */
  void fail(String why) {
    if (landed.getCount() > 0) {
      failure = why;
    }
    landed.countDown();
  }

  Held await() throws IOException {
    try {
      landed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before there was an answer", e);
    }
    Held given = answer;
    if (given == null) {
      throw new IOException(failure);
    }
    return given;
  }
}
