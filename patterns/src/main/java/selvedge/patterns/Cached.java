package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;

/**
 * What a cache answers, where it comes from and how old it is.
 *
 * @param value empty if there is none to be had, which was kept, too
 * @param <T> the type of the value
 */
public record Cached<T>(Optional<T> value, From from, Duration age) {

  /** Where an answer comes from. */
  public enum From {
    /** It was there and is not too old. */
    CACHE,
    /** It was there and is too old; a new one is on its way. */
    STALE,
    /** It was there and is too old, and no new one could be had. */
    STALE_ON_ERROR,
    /** It was loaded just now. */
    LOADER
  }
}
