package selvedge.server.http;

import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The place of one connection among all. Its counters belong to the event loop of the connection;
 * any thread may ask whether the connection is idle.
 */
final class Seat {
  static final AttributeKey<@Nullable Seat> KEY = AttributeKey.valueOf(Seat.class, "seat");

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Runnable used;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long usedAt = System.nanoTime();
  private int requests;

  /**
   * @param used runs when the connection has been in use
   */
  Seat(Runnable used) {
    this.used = used;
  }

  /** A request begins, or ends. */
  void requests(int change) {
    requests += change;
    busy.setOpaque(requests > 0);
  }

  /** Something has moved on the connection, which is passed on at most once a second. */
  void use(long now) {
    if (now - usedAt > SECOND_NANOS) {
      usedAt = now;
      used.run();
    }
  }

  boolean isIdle() {
    return !busy.getOpaque();
  }
}
