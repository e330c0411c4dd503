package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import selvedge.model.InvalidRequestException;

/**
 * Options of {@link Sessions}. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #lifetime}; each method of an object returns a changed copy. Further options
 * may be added in later versions.
 */
public final class SessionOptions {
  private final Duration lifetime;
  private final InstantSource clock;
  private final RandomGenerator random;

  private SessionOptions(Duration lifetime, InstantSource clock, RandomGenerator random) {
    this.lifetime = lifetime;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Returns options for sessions with a lifetime, on the clock of the system, with ids from a
   * {@link SecureRandom}.
   *
   * @param lifetime the time after its last use for which a session is kept at least
   * @return the options
   * @throws InvalidRequestException if the lifetime is less than a second
   */
  public static SessionOptions lifetime(Duration lifetime) {
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException("lifetime must be at least 1 second, got " + lifetime);
    }
    return new SessionOptions(lifetime, InstantSource.system(), new SecureRandom());
  }

  Duration lifetime() {
    return lifetime;
  }

  InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  /**
   * Returns a copy with another clock.
   *
   * @param changed the clock by which sessions end
   * @return the changed copy
   */
  public SessionOptions clock(InstantSource changed) {
    return new SessionOptions(lifetime, changed, random);
  }

  /**
   * Returns a copy with another source of ids.
   *
   * @param changed a generator whose output cannot be guessed, safe for use by many threads
   * @return the changed copy
   */
  public SessionOptions random(RandomGenerator changed) {
    return new SessionOptions(lifetime, clock, changed);
  }
}
