package selvedge.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A value for every {@link Limit}. Immutable. */
public final class Limits {

  /** No key is longer, whatever the configured limit. */
  public static final int KEY_BYTES_CEILING = 2048;

  private final EnumMap<Limit, Long> values;

  private Limits(EnumMap<Limit, Long> values) {
    this.values = values;
  }

  public static Limits of(Profile profile) {
    EnumMap<Limit, Long> values = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      values.put(limit, limit.in(profile));
    }
    return new Limits(values);
  }

  /** The same limits with some set otherwise. */
  public Limits with(Map<Limit, Long> settings) {
    EnumMap<Limit, Long> changed = new EnumMap<>(values);
    settings.forEach((limit, value) -> changed.put(limit, limit.require(value)));
    return new Limits(changed);
  }

  public Limits with(Limit limit, long value) {
    return with(Map.of(limit, value));
  }

  public long get(Limit limit) {
    return values.getOrDefault(limit, Limit.none());
  }

  /** A limit that is known to fit an int, such as the size of a buffer. */
  public int size(Limit limit) {
    return Math.toIntExact(get(limit));
  }

  public Duration seconds(Limit limit) {
    return Duration.ofSeconds(get(limit));
  }

  public boolean binds(Limit limit) {
    return get(limit) != Limit.none();
  }
}
