package selvedge.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A value for every {@link Limit}. Immutable and safe to share between threads. */
public final class Limits {

  /** The greatest length of a key in bytes, whatever limit is configured. */
  public static final int KEY_BYTES_CEILING = 2048;

  private final EnumMap<Limit, Long> values;

  private Limits(EnumMap<Limit, Long> values) {
    this.values = values;
  }

  /**
   * Returns the limits of a profile.
   *
   * @param profile the profile
   * @return its limits
   */
  public static Limits of(Profile profile) {
    EnumMap<Limit, Long> values = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      values.put(limit, limit.in(profile));
    }
    return new Limits(values);
  }

  /**
   * Returns a copy with other values of some limits.
   *
   * @param settings the new values
   * @return the changed copy
   * @throws InvalidRequestException if a value is outside the bounds of its limit
   */
  public Limits with(Map<Limit, Long> settings) {
    EnumMap<Limit, Long> changed = new EnumMap<>(values);
    settings.forEach((limit, value) -> changed.put(limit, limit.require(value)));
    return new Limits(changed);
  }

  /**
   * Returns a copy with another value of one limit.
   *
   * @param limit the limit
   * @param value its new value
   * @return the changed copy
   * @throws InvalidRequestException if the value is outside the bounds of the limit
   */
  public Limits with(Limit limit, long value) {
    return with(Map.of(limit, value));
  }

  /**
   * Returns the value of a limit.
   *
   * @param limit the limit
   * @return its value, {@link Limit#none()} for no limit
   */
  public long get(Limit limit) {
    return values.getOrDefault(limit, Limit.none());
  }

  /**
   * Returns the value of a limit that fits in an int, such as the size of a buffer.
   *
   * @param limit the limit
   * @return its value
   * @throws ArithmeticException if it does not fit
   */
  public int size(Limit limit) {
    return Math.toIntExact(get(limit));
  }

  /**
   * Returns the value of a limit whose unit is seconds.
   *
   * @param limit the limit
   * @return its value as a duration
   */
  public Duration seconds(Limit limit) {
    return Duration.ofSeconds(get(limit));
  }

  /**
   * Returns whether there is a limit.
   *
   * @param limit the limit
   * @return false if its value is {@link Limit#none()}
   */
  public boolean binds(Limit limit) {
    return get(limit) != Limit.none();
  }
}
