package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * So much in each span of the clock: one increment decides, so the limit holds exactly.
 *
 * <p>Around the turn of two spans twice as much may come through; a {@link SlidingWindow} never
 * lets it.
 *
 * {@snippet class="selvedge.examples.Tour" region="limits"}
 */
public record FixedWindow(
    Namespace namespace, String prefix, long limit, Duration span, InstantSource clock)
    implements RateLimiter {

  public FixedWindow {
    if (limit < 1 || span.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException("a limiter lets at least one through in at least a second");
    }
  }

  @Override
  public Decision tryAcquire(String subject, long count) {
    long number = clock.millis() / span.toMillis();
    Instant reset = Instant.ofEpochMilli((number + 1) * span.toMillis());
    Key key = Key.of(prefix + subject + "/" + number);
    Put how = Put.expiresIn(span.multipliedBy(2));
    long used = namespace.increment(key, count, how).value();
    if (used <= limit) {
      return new Decision(true, limit, limit - used, reset);
    }
    long before = used - count;
    if (before < limit) {
      namespace.increment(key, -count, how);
    }
    return new Decision(false, limit, Math.max(0, limit - before), reset);
  }
}
