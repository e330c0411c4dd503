package selvedge.server.http;

import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The activity of one connection, which decides whether a new connection may replace it. The
 * counters belong to the event loop of the connection; any thread may call {@link #isIdle}.
 */
final class ConnectionActivity {
  static final AttributeKey<@Nullable ConnectionActivity> KEY =
      AttributeKey.valueOf(ConnectionActivity.class, "activity");

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Runnable used;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long usedAt = System.nanoTime();
  private int requests;

  /**
   * @param used runs when the connection has been used, at most once a second
   */
  ConnectionActivity(Runnable used) {
    this.used = used;
  }

  /** Changes the number of requests in flight. */
  void requests(int change) {
    requests += change;
    busy.setOpaque(requests > 0);
  }

  /** Records activity on the connection. */
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
