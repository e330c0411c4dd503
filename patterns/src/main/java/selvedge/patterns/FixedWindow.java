package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Update;
import selvedge.model.WriteOptions;

/**
 * Allows a number of permits in each span of the clock, exactly. Safe for use by many threads and
 * processes.
 *
 * <p>Around the change of two spans, up to twice the limit may be allowed within one span; a {@link
 * SlidingWindow} prevents that.
 *
 * {@snippet class="selvedge.examples.LimitsProgram" region="limits"}
 */
public final class FixedWindow implements RateLimiter {
  private final Namespace namespace;
  private final String prefix;
  private final long limit;
  private final Duration span;
  private final InstantSource clock;

  /**
   * Creates a limiter on the clock of the system.
   *
   * @param namespace the namespace of its counters
   * @param prefix the start of their keys
   * @param limit the number of permits in each span, at least 1
   * @param span the length of a span, at least one second
   * @throws InvalidRequestException if limit or span are too small
   */
  public FixedWindow(Namespace namespace, String prefix, long limit, Duration span) {
    this(namespace, prefix, limit, span, InstantSource.system());
  }

  /**
   * Creates a limiter on another clock.
   *
   * @param namespace the namespace of its counters
   * @param prefix the start of their keys
   * @param limit the number of permits in each span, at least 1
   * @param span the length of a span, at least one second
   * @param clock the clock by which spans begin
   * @throws InvalidRequestException if limit or span are too small
   */
  public FixedWindow(
      Namespace namespace, String prefix, long limit, Duration span, InstantSource clock) {
    if (limit < 1 || span.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException(
          "limit must be at least 1 and span at least 1 second, got " + limit + " and " + span);
    }
    this.namespace = namespace;
    this.prefix = prefix;
    this.limit = limit;
    this.span = span;
    this.clock = clock;
  }

  /**
   * {@inheritDoc}
   *
   * <p>One permit is taken by an increment, several by compare-and-set, so a refused request takes
   * none and nothing has to be returned.
   */
  @Override
  public Decision tryAcquire(String subject, long count) {
    Permits.requirePositive(count);
    long number = clock.millis() / span.toMillis();
    Instant reset = Instant.ofEpochMilli((number + 1) * span.toMillis());
    Key key = Key.of(prefix + subject + "/" + number);
    WriteOptions options = WriteOptions.PLAIN.expiresIn(span.multipliedBy(2)).metadata(Form.ALONE);
    if (count > 1) {
      return acquireSeveral(key, count, options, reset);
    }
    long used = namespace.increment(key, 1, options).value();
    return new Decision(used <= limit, limit, Math.max(0, limit - used), reset);
  }

  private Decision acquireSeveral(Key key, long count, WriteOptions options, Instant reset) {
    return Update.run(
        namespace,
        key,
        current -> {
          long used = current.map(entry -> Codec.NUMBER.decode(entry.value().bytes())).orElse(0L);
          long left = Math.max(0, limit - used);
          if (count > left) {
            return Update.Decision.leave(new Decision(false, limit, left, reset));
          }
          return Update.Decision.put(
              Codec.NUMBER.encode(used + count),
              options,
              new Decision(true, limit, left - count, reset));
        });
  }
}
