package selvedge.server.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers that take a read each, of which one virtual thread makes several: to start a thread and
 * to wake one that carries it costs as much as the read. Belongs to one event loop.
 *
 * <p>What comes in one pass of the loop is taken together, and nothing waits for more.
 */
final class ShortReads {
  /** So many may wait for one that the disk keeps waiting. */
  private static final int TOGETHER_MAX = 8;

  private List<Runnable> gathered = new ArrayList<>();

  void add(Runnable read, EventExecutor loop) {
    gathered.add(read);
    if (gathered.size() == TOGETHER_MAX) {
      start();
    } else if (gathered.size() == 1) {
      loop.execute(this::start);
    }
  }

  private void start() {
    if (!gathered.isEmpty()) {
      List<Runnable> together = gathered;
      gathered = new ArrayList<>();
      Thread.ofVirtual().name("requests").start(() -> together.forEach(Runnable::run));
    }
  }
}
