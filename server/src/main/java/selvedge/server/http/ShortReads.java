package selvedge.server.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches requests that need one short read each, so that one virtual thread serves several.
 * Starting a virtual thread and waking its carrier costs as much as the read. Belongs to one event
 * loop.
 *
 * <p>The reads of one pass of the loop form a batch. A batch does not wait for more reads.
 */
final class ShortReads {
  /** The most reads of a batch: those behind a slow disk read must wait for it. */
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
