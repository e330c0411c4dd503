package selvedge.patterns;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Update;
import selvedge.model.WriteOptions;

/**
 * Allows bursts up to the size of a bucket of tokens, which refills at a steady rate. Safe for use
 * by many threads and processes.
 */
public final class TokenBucket implements RateLimiter {
  private static final long MILLIS_MAX = Duration.ofDays(365_000).toMillis();

  private final Namespace namespace;
  private final String prefix;
  private final long size;
  private final Duration refill;
  private final InstantSource clock;

  /**
   * Creates a limiter on the clock of the system.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param size the number of tokens in a full bucket, at least 1
   * @param refill the time in which one token is added, in whole milliseconds
   * @throws InvalidRequestException if size or refill are less than 1, or an empty bucket needs
   *     more than 1,000 years to be full
   */
  public TokenBucket(Namespace namespace, String prefix, long size, Duration refill) {
    this(namespace, prefix, size, refill, InstantSource.system());
  }

  /**
   * Creates a limiter on another clock.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param size the number of tokens in a full bucket, at least 1
   * @param refill the time in which one token is added, in whole milliseconds
   * @param clock the clock by which tokens are added
   * @throws InvalidRequestException if size or refill are less than 1, or an empty bucket needs
   *     more than 1,000 years to be full
   */
  public TokenBucket(
      Namespace namespace, String prefix, long size, Duration refill, InstantSource clock) {
    if (size < 1 || refill.toMillis() < 1 || size > MILLIS_MAX / refill.toMillis()) {
      throw new InvalidRequestException(
          "size must be at least 1, refill at least 1 millisecond, and a bucket must be full within"
              + " 1,000 years, got %d and %s".formatted(size, refill));
    }
    this.namespace = namespace;
    this.prefix = prefix;
    this.size = size;
    this.refill = refill;
    this.clock = clock;
  }

  /**
   * The state of a bucket.
   *
   * @param at the moment up to which tokens were added
   */
  private record Level(long tokens, long at) {
    Bytes bytes() {
      return Bytes.adopt(ByteBuffer.allocate(2 * Long.BYTES).putLong(tokens).putLong(at).array());
    }
  }

  @Override
  public Decision tryAcquire(String subject, long count) {
    Permits.requirePositive(count);
    return Update.run(
        namespace,
        Key.of(prefix + subject),
        current -> {
          long now = clock.millis();
          Level level = current.map(entry -> refilled(entry, now)).orElse(new Level(size, now));
          boolean allowed = count <= level.tokens();
          long left = allowed ? level.tokens() - count : level.tokens();
          long missing = allowed ? 1 : Math.min(count, size) - level.tokens();
          Instant reset =
              Instant.ofEpochMilli(level.at() + Math.max(1, missing) * refill.toMillis());
          var decision = new Decision(allowed, size, left, reset);
          return allowed
              ? Update.Decision.put(
                  new Level(left, level.at()).bytes(),
                  WriteOptions.PLAIN
                      .expiresIn(refill.multipliedBy(size).plusSeconds(1))
                      .metadata(Form.ALONE),
                  decision)
              : Update.Decision.leave(decision);
        });
  }

  private Level refilled(Entry entry, long now) {
    Form.requireReadable(entry.metadata());
    ByteBuffer buffer = entry.value().bytes().asReadOnlyBuffer();
    long tokens = buffer.getLong();
    long at = buffer.getLong();
    long back = Math.max(0, (now - at) / refill.toMillis());
    return tokens + back >= size
        ? new Level(size, now)
        : new Level(tokens + back, at + back * refill.toMillis());
  }
}
