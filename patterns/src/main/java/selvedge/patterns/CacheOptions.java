package selvedge.patterns;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import selvedge.model.InvalidRequestException;

/**
 * How a cache keeps things.
 *
 * @param fresh for how long a value is as good as new
 * @param stale for how much longer it is better than none
 * @param ahead so long before a value is too old whoever reads it has it loaded anew
 * @param missing for how long it is kept that there is no value
 * @param locks one process at a time loads a key, if they are given
 * @param background runs what nobody waits for
 * @param warned hears of a loader that has failed while an old value was there
 */
public record CacheOptions(
    Duration fresh,
    Duration stale,
    Duration ahead,
    Duration missing,
    Optional<Locks> locks,
    InstantSource clock,
    Executor background,
    BiConsumer<String, RuntimeException> warned) {

  public CacheOptions {
    requireFresh(fresh);
    if (ahead.compareTo(fresh) >= 0) {
      throw new InvalidRequestException(
          "refreshAhead must be less than fresh, got " + ahead + " and " + fresh);
    }
  }

  static void requireFresh(Duration fresh) {
    if (fresh.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException("fresh must be at least 1 second, got " + fresh);
    }
  }

  public static CacheOptions fresh(Duration fresh) {
    return new CacheOptions(
        fresh,
        Duration.ofHours(1),
        Duration.ZERO,
        Duration.ofSeconds(30),
        Optional.empty(),
        InstantSource.system(),
        Thread::startVirtualThread,
        (key, failure) -> {});
  }

  public CacheOptions stale(Duration given) {
    return new CacheOptions(fresh, given, ahead, missing, locks, clock, background, warned);
  }

  public CacheOptions refreshAhead(Duration given) {
    return new CacheOptions(fresh, stale, given, missing, locks, clock, background, warned);
  }

  public CacheOptions missing(Duration given) {
    return new CacheOptions(fresh, stale, ahead, given, locks, clock, background, warned);
  }

  public CacheOptions locks(Locks given) {
    return new CacheOptions(
        fresh, stale, ahead, missing, Optional.of(given), clock, background, warned);
  }

  public CacheOptions clock(InstantSource given) {
    return new CacheOptions(fresh, stale, ahead, missing, locks, given, background, warned);
  }

  public CacheOptions background(Executor given) {
    return new CacheOptions(fresh, stale, ahead, missing, locks, clock, given, warned);
  }

  public CacheOptions warned(BiConsumer<String, RuntimeException> given) {
    return new CacheOptions(fresh, stale, ahead, missing, locks, clock, background, given);
  }
}
