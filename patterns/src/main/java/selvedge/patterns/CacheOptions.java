package selvedge.patterns;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import selvedge.model.InvalidRequestException;

/**
 * Options of a {@link Cache}. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #fresh}; each method of an object returns a changed copy. Further options
 * may be added in later versions.
 */
public final class CacheOptions {
  private static final Duration STALE = Duration.ofHours(1);
  private static final Duration MISSING = Duration.ofSeconds(30);

  private final Duration fresh;
  private Duration stale = STALE;
  private Duration ahead = Duration.ZERO;
  private Duration missing = MISSING;
  private long decodedBytesMost;
  private Optional<Locks> locks = Optional.empty();
  private InstantSource clock = InstantSource.system();
  private Executor background = Thread::startVirtualThread;
  private BiConsumer<String, RuntimeException> warned = (key, failure) -> {};

  private CacheOptions(Duration fresh) {
    this.fresh = fresh;
  }

  private CacheOptions(CacheOptions other) {
    this.fresh = other.fresh;
    this.stale = other.stale;
    this.ahead = other.ahead;
    this.missing = other.missing;
    this.decodedBytesMost = other.decodedBytesMost;
    this.locks = other.locks;
    this.clock = other.clock;
    this.background = other.background;
    this.warned = other.warned;
  }

  static void requireFresh(Duration fresh) {
    if (fresh.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException("fresh must be at least 1 second, got " + fresh);
    }
  }

  private static Duration requirePositive(String option, Duration duration) {
    if (duration.isNegative()) {
      throw new InvalidRequestException(option + " must not be negative, got " + duration);
    }
    return duration;
  }

  /**
   * Returns options for values that are fresh for a time. A stale value is kept for one more hour,
   * a missing one for 30 seconds, and nothing is refreshed ahead.
   *
   * @param fresh the time for which a value is answered without a new load, at least one second
   * @return the options
   * @throws InvalidRequestException if the time is less than a second
   */
  public static CacheOptions fresh(Duration fresh) {
    requireFresh(fresh);
    return new CacheOptions(fresh);
  }

  Duration fresh() {
    return fresh;
  }

  Duration stale() {
    return stale;
  }

  Duration ahead() {
    return ahead;
  }

  Duration missing() {
    return missing;
  }

  long decodedBytesMost() {
    return decodedBytesMost;
  }

  Optional<Locks> locks() {
    return locks;
  }

  InstantSource clock() {
    return clock;
  }

  Executor background() {
    return background;
  }

  BiConsumer<String, RuntimeException> warned() {
    return warned;
  }

  /**
   * Returns a copy with another time for which a value is kept after it has become stale. Until
   * then it is answered while a new value is loaded, or when the loader fails.
   *
   * @param changed zero to load before each answer that would be stale
   * @return the changed copy
   * @throws InvalidRequestException if the time is negative
   */
  public CacheOptions stale(Duration changed) {
    var copy = new CacheOptions(this);
    copy.stale = requirePositive("stale", changed);
    return copy;
  }

  /**
   * Returns a copy under which a value that is read shortly before it becomes stale is loaded again
   * in the background.
   *
   * @param changed the time before; zero, the default, for no such load
   * @return the changed copy
   * @throws InvalidRequestException if the time is negative, or not less than {@code fresh}
   */
  public CacheOptions refreshAhead(Duration changed) {
    if (changed.compareTo(fresh) >= 0) {
      throw new InvalidRequestException(
          "refreshAhead must be less than fresh, got " + changed + " and " + fresh);
    }
    var copy = new CacheOptions(this);
    copy.ahead = requirePositive("refreshAhead", changed);
    return copy;
  }

  /**
   * Returns a copy with another time for which it is remembered that a key has no value.
   *
   * @param changed zero to ask the loader each time
   * @return the changed copy
   * @throws InvalidRequestException if the time is negative
   */
  public CacheOptions missing(Duration changed) {
    var copy = new CacheOptions(this);
    copy.missing = requirePositive("missing", changed);
    return copy;
  }

  /**
   * Returns a copy under which decoded values are kept in this process, so that a hit decodes
   * nothing. The entry is still read from the namespace each time: with an embedded store or a near
   * cache, a hit then costs little more than one of a map.
   *
   * <p>All callers receive the same object until the entry changes. The values must therefore be
   * immutable, such as records of immutable parts, or no caller may change them. By default each
   * caller receives a value of its own.
   *
   * @param bytesMost the greatest size of the kept values, measured in bytes before they were
   *     decoded; values that were not used for longest are dropped first, and a single value may
   *     have half of it. Zero, the default, keeps none
   * @return the changed copy
   * @throws InvalidRequestException if the size is negative
   */
  public CacheOptions keepDecoded(long bytesMost) {
    if (bytesMost < 0) {
      throw new InvalidRequestException("keepDecoded must not be negative, got " + bytesMost);
    }
    var copy = new CacheOptions(this);
    copy.decodedBytesMost = bytesMost;
    return copy;
  }

  /**
   * Returns a copy under which one process at a time loads a key. Without it, each process loads a
   * key once at a time.
   *
   * @param changed locks in a namespace that the processes share
   * @return the changed copy
   */
  public CacheOptions locks(Locks changed) {
    var copy = new CacheOptions(this);
    copy.locks = Optional.of(changed);
    return copy;
  }

  /**
   * Returns a copy with another clock.
   *
   * @param changed the clock by which the age of a value is computed
   * @return the changed copy
   */
  public CacheOptions clock(InstantSource changed) {
    var copy = new CacheOptions(this);
    copy.clock = changed;
    return copy;
  }

  /**
   * Returns a copy with another executor of loads in the background. The default starts a virtual
   * thread for each.
   *
   * @param changed the executor
   * @return the changed copy
   */
  public CacheOptions background(Executor changed) {
    var copy = new CacheOptions(this);
    copy.background = changed;
    return copy;
  }

  /**
   * Returns a copy with another handler of failures that no caller gets: a loader that fails while
   * there is a stale value, a store that does not take a loaded value, an entry that cannot be
   * read. The default ignores them.
   *
   * @param changed receives the key and the failure, on the thread that met it
   * @return the changed copy
   */
  public CacheOptions warned(BiConsumer<String, RuntimeException> changed) {
    var copy = new CacheOptions(this);
    copy.warned = changed;
    return copy;
  }
}
