package selvedge.server.quota;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;

/**
 * Limits the writes per second to each key. Safe for use by many threads.
 *
 * <p>It stores the keys of the last second, up to {@link #KEYS_MAX}. Above that it admits all
 * writes to further keys.
 */
final class KeyRate {
  private static final int KEYS_MAX = 200_000;
  private static final long SECOND_MILLIS = 1000;

  private final long intervalMillis;
  private final boolean binds;
  private final InstantSource clock;
  private final ConcurrentHashMap<Name, Long> written = new ConcurrentHashMap<>();

  private record Name(NamespaceId namespace, Key key) {}

  KeyRate(Limits limits, InstantSource clock) {
    this.binds = limits.binds(Limit.KEY_WRITES_PER_SECOND);
    this.intervalMillis = binds ? SECOND_MILLIS / limits.get(Limit.KEY_WRITES_PER_SECOND) : 0;
    this.clock = clock;
  }

  void admit(NamespaceId namespace, Key key) {
    if (!binds) {
      return;
    }
    long now = clock.millis();
    var name = new Name(namespace, key);
    if (written.size() >= KEYS_MAX) {
      forgetOld();
    }
    if (written.size() < KEYS_MAX || written.containsKey(name)) {
      written.merge(name, now, this::next);
    }
  }

  /**
   * Returns the time of this write, or throws if it is too early; then the stored time does not
   * change.
   */
  private long next(long last, long now) {
    if (now - last < intervalMillis) {
      throw OverQuotaException.until(
          Limit.KEY_WRITES_PER_SECOND, Duration.ofSeconds(1), "Too Many Requests");
    }
    return now;
  }

  void forgetOld() {
    if (binds) {
      long oldest = clock.millis() - intervalMillis;
      written.values().removeIf(last -> last < oldest);
    }
  }
}
