package selvedge.patterns;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * A bucket of tokens that fills up again at a steady rate: bursts up to its size, and the rate in
 * the long run.
 *
 * @param size how many tokens it holds
 * @param refill how long one token takes to come back
 */
public record TokenBucket(
    Namespace namespace, String prefix, long size, Duration refill, InstantSource clock)
    implements RateLimiter {

  public TokenBucket {
    if (size < 1 || refill.toMillis() < 1) {
      throw new InvalidRequestException(
          "a bucket holds at least one token, which comes back in at least a millisecond");
    }
  }

  /**
   * How full a bucket is.
   *
   * @param at the moment up to which tokens have come back
   */
  private record Level(long tokens, long at) {
    Bytes bytes() {
      return Bytes.adopt(ByteBuffer.allocate(2 * Long.BYTES).putLong(tokens).putLong(at).array());
    }
  }

  @Override
  public Decision tryAcquire(String subject, long count) {
    return Update.run(
        namespace,
        Key.of(prefix + subject),
        current -> {
          long now = clock.millis();
          Level level =
              current
                  .map(entry -> refilled(entry.value().bytes(), now))
                  .orElse(new Level(size, now));
          boolean allowed = count <= level.tokens();
          long left = allowed ? level.tokens() - count : level.tokens();
          Instant reset = Instant.ofEpochMilli(level.at()).plus(refill);
          var decision = new Decision(allowed, size, left, reset);
          return allowed
              ? Update.Decision.put(
                  new Level(left, level.at()).bytes(),
                  Put.expiresIn(refill.multipliedBy(size).plusSeconds(1)),
                  decision)
              : Update.Decision.leave(decision);
        });
  }

  private Level refilled(Bytes value, long now) {
    ByteBuffer buffer = value.asReadOnlyBuffer();
    long tokens = buffer.getLong();
    long at = buffer.getLong();
    long back = Math.max(0, (now - at) / refill.toMillis());
    return tokens + back >= size
        ? new Level(size, now)
        : new Level(tokens + back, at + back * refill.toMillis());
  }
}
