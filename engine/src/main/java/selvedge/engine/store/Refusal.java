package selvedge.engine.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a store that refuses writes after a full disk must be opened again. Not thread-safe.
 */
public final class Refusal {
  /** RocksDB recovers from most refusals by itself, within this time. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  private @Nullable Instant since;

  /**
   * Returns whether the store must be opened again, because it has refused writes for some time
   * although the disk has space. The caller must keep trying to write meanwhile.
   */
  public boolean lasts(Store store, Instant now) {
    if (!store.mustReopen()) {
      since = null;
      return false;
    }
    Instant start = since;
    if (start == null) {
      since = now;
      return false;
    }
    return Duration.between(start, now).abs().compareTo(PATIENCE) >= 0;
  }
}
