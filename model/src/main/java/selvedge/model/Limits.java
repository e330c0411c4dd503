package selvedge.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A value for every {@link Limit}. Immutable, unless it {@linkplain #following follows} others.
 * Safe to share between threads.
 */
public final class Limits {

  /** The greatest length of a key in bytes, whatever limit is configured. */
  public static final int KEY_BYTES_CEILING = 2048;

  private final Supplier<EnumMap<Limit, Long>> values;

  private Limits(EnumMap<Limit, Long> values) {
    this.values = () -> values;
  }

  private Limits(Supplier<EnumMap<Limit, Long>> values) {
    this.values = values;
  }

  /**
   * Returns limits that have the values of others at each call, so that a running program can
   * change them.
   *
   * @param current returns the limits as of now; must be safe to call from any thread
   * @return limits that change
   */
  public static Limits following(Supplier<Limits> current) {
    return new Limits((Supplier<EnumMap<Limit, Long>>) () -> current.get().values.get());
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
    EnumMap<Limit, Long> changed = new EnumMap<>(values.get());
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
    return values.get().getOrDefault(limit, Limit.none());
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
   * Checks the length of a key.
   *
   * @param key the key of any operation
   * @return the key
   * @throws LimitExceededException if it is longer than {@link Limit#KEY_BYTES}
   */
  public Key requireKey(Key key) {
    requireAtMost(Limit.KEY_BYTES, key.bytes().size(), "a key");
    return key;
  }

  /**
   * Checks the length of a prefix of keys.
   *
   * @param prefix the prefix of any operation
   * @return the prefix
   * @throws LimitExceededException if it is longer than {@link Limit#KEY_BYTES}
   */
  public Bytes requirePrefix(Bytes prefix) {
    requireAtMost(Limit.KEY_BYTES, prefix.size(), "a prefix");
    return prefix;
  }

  /**
   * Checks key and metadata of a put, whose value may still be a stream.
   *
   * @param key the key
   * @param metadata the metadata
   * @throws LimitExceededException if one of them is too large
   * @throws InvalidMetadataException if the metadata is not JSON
   */
  public void requirePut(Key key, Metadata metadata) {
    requireKey(key);
    requireAtMost(Limit.METADATA_BYTES, metadata.requireJson().stored().size(), "metadata");
  }

  /**
   * Checks a change that is part of a write of several keys.
   *
   * @param mutation the change
   * @throws LimitExceededException if key, prefix, metadata or value are too large
   * @throws InvalidMetadataException if the metadata is not JSON
   */
  public void requireInline(Mutation mutation) {
    switch (mutation) {
      case Mutation.Put put -> {
        requirePut(put.key(), put.metadata());
        requireTimeToLive(put.timeToLive());
        requireAtMost(
            Limit.INLINE_BYTES,
            put.value().length(),
            "a value that is not put by itself, under \"" + put.key() + "\",");
      }
      case Mutation.Delete(Key key) -> requireKey(key);
      case Mutation.Clear(Bytes prefix) -> requirePrefix(prefix);
    }
  }

  /**
   * Checks the length of a value.
   *
   * @param value the value
   * @throws LimitExceededException if it is longer than {@link Limit#VALUE_BYTES}
   */
  public void requireValue(Value value) {
    requireAtMost(Limit.VALUE_BYTES, value.length(), "a value");
  }

  /**
   * Checks the title of a namespace.
   *
   * @param title the title
   * @return the title
   * @throws InvalidRequestException if it is empty, or has a lone surrogate
   * @throws LimitExceededException if it is longer than {@link Limit#TITLE_CHARACTERS}
   */
  public String requireTitle(String title) {
    if (Bytes.utf8(title).isEmpty()) {
      throw new InvalidRequestException("a title must have at least one character");
    }
    int characters = title.codePointCount(0, title.length());
    if (characters > get(Limit.TITLE_CHARACTERS)) {
      throw new LimitExceededException(
          "a title must have at most %d characters, got %d"
              .formatted(get(Limit.TITLE_CHARACTERS), characters));
    }
    return title;
  }

  /**
   * Checks a time to live of the native API. Options without one are not an error.
   *
   * @param options the options of a write
   * @return the options
   * @throws InvalidRequestException if it is shorter than {@link Limit#NATIVE_TTL_SECONDS_MIN}
   */
  public WriteOptions requireTimeToLive(WriteOptions options) {
    requireTimeToLive(options.timeToLive());
    return options;
  }

  private void requireTimeToLive(Duration timeToLive) {
    if (!timeToLive.isZero() && timeToLive.compareTo(seconds(Limit.NATIVE_TTL_SECONDS_MIN)) < 0) {
      throw new InvalidRequestException(
          "a time to live must be at least %d seconds, got %d.%09d"
              .formatted(
                  get(Limit.NATIVE_TTL_SECONDS_MIN),
                  timeToLive.getSeconds(),
                  timeToLive.getNano()));
    }
  }

  private void requireAtMost(Limit limit, long bytes, String name) {
    if (bytes > get(limit)) {
      throw new LimitExceededException(
          "%s must have at most %d bytes, got %d".formatted(name, get(limit), bytes));
    }
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
