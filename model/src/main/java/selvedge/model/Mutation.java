package selvedge.model;

import java.time.Duration;
import java.time.Instant;

/** A change of a namespace that is requested or was made. */
public sealed interface Mutation {

  /**
   * Returns whether it may change an entry whose key has a prefix.
   *
   * @param keyPrefix the start of the keys; empty for all keys
   * @return false only if it certainly changes no such entry
   */
  boolean touches(Bytes keyPrefix);

  /**
   * Returns a put for {@link Namespace#write}.
   *
   * @param key the name of the key
   * @param value the value
   * @param options metadata, and an expiry or a time to live
   * @return the change
   * @throws InvalidKeyException if the text cannot be a key
   * @throws InvalidRequestException if the options have a condition
   */
  static Put put(String key, Value value, WriteOptions options) {
    if (!(options.condition() instanceof Condition.Always)) {
      throw new InvalidRequestException(
          "a write of several keys cannot have a condition, got " + options.condition());
    }
    return new Put(Key.of(key), value, options.metadata(), options.expiry(), options.timeToLive());
  }

  /**
   * Returns a deletion for {@link Namespace#write}.
   *
   * @param key the name of the key
   * @return the change
   * @throws InvalidKeyException if the text cannot be a key
   */
  static Delete delete(String key) {
    return new Delete(Key.of(key));
  }

  /**
   * Puts an entry: it replaces value, metadata and expiry of an entry in place.
   *
   * @param key the key
   * @param value the value
   * @param metadata the metadata
   * @param expiry when the entry expires
   * @param timeToLive the time after which it expires, by the clock of the store and from the
   *     moment at which it decides the write; zero for none. A change that was made has none.
   */
  record Put(Key key, Value value, Metadata metadata, Expiry expiry, Duration timeToLive)
      implements Mutation {

    /**
     * Checks the time to live.
     *
     * @throws InvalidRequestException if it is negative, or if there is an expiry, too
     */
    public Put {
      if (timeToLive.isNegative()) {
        throw new InvalidRequestException("a time to live must be positive, got " + timeToLive);
      }
      if (!timeToLive.isZero() && expiry instanceof Expiry.At) {
        throw new InvalidRequestException(
            "a put must not have both an expiry and a time to live, got "
                + expiry
                + " and "
                + timeToLive);
      }
    }

    /**
     * Creates a put without a time to live.
     *
     * @param key the key
     * @param value the value
     * @param metadata the metadata
     * @param expiry when the entry expires
     */
    public Put(Key key, Value value, Metadata metadata, Expiry expiry) {
      this(key, value, metadata, expiry, Duration.ZERO);
    }

    /**
     * Returns the put with the expiry that its time to live results in.
     *
     * @param now the moment at which the store decides it
     * @return a put without a time to live
     * @throws InvalidRequestException if the time to live is too long
     */
    public Put decidedAt(Instant now) {
      return timeToLive.isZero()
          ? this
          : new Put(key, value, metadata, Expiry.after(timeToLive, now));
    }

    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /**
   * Deletes an entry. A missing key is not an error.
   *
   * @param key the key
   */
  record Delete(Key key) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /**
   * Deletes every entry whose key has a prefix.
   *
   * @param prefix the start of the keys; empty for all keys
   */
  record Clear(Bytes prefix) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return prefix.startsWith(keyPrefix) || keyPrefix.startsWith(prefix);
    }
  }
}
