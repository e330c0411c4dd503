package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer of a {@link Cache}.
 *
 * @param <T> the type of the value
 * @param value empty if the key has no value
 * @param from where the answer comes from
 * @param age the time since the value was loaded or put
 */
public record Cached<T>(Optional<T> value, From from, Duration age) {

  /** Where an answer comes from. */
  public enum From {
    /** The stored value, which is fresh. */
    CACHE,
    /** The stored value, which is stale; a load was started in the background. */
    STALE,
    /** The stored value, which is stale; the last load has failed. */
    STALE_ON_ERROR,
    /** The loader. */
    LOADER
  }
}
