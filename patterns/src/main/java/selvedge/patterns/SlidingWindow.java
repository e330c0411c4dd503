package selvedge.patterns;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Update;
import selvedge.model.WriteOptions;

/**
 * Allows a number of permits in any span of the given length, wherever it begins. It stores the
 * time of each permit and decides by compare-and-set. Safe for use by many threads and processes.
 */
public final class SlidingWindow implements RateLimiter {
  private static final long LIMIT_MAX = 100_000;

  private final Namespace namespace;
  private final String prefix;
  private final long limit;
  private final Duration span;
  private final InstantSource clock;

  /**
   * Creates a limiter on the clock of the system.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param limit the number of permits in any span, from 1 to 100,000
   * @param span the length of the span, at least one second
   * @throws InvalidRequestException if limit or span are outside their bounds
   */
  public SlidingWindow(Namespace namespace, String prefix, long limit, Duration span) {
    this(namespace, prefix, limit, span, InstantSource.system());
  }

  /**
   * Creates a limiter on another clock.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param limit the number of permits in any span, from 1 to 100,000
   * @param span the length of the span, at least one second
   * @param clock the clock by which permits leave the window
   * @throws InvalidRequestException if limit or span are outside their bounds
   */
  public SlidingWindow(
      Namespace namespace, String prefix, long limit, Duration span, InstantSource clock) {
    if (limit < 1 || limit > LIMIT_MAX || span.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException(
          "limit must be from 1 to %d and span at least 1 second, got %d and %s"
              .formatted(LIMIT_MAX, limit, span));
    }
    this.namespace = namespace;
    this.prefix = prefix;
    this.limit = limit;
    this.span = span;
    this.clock = clock;
  }

  @Override
  public Decision tryAcquire(String subject, long count) {
    Permits.requirePositive(count);
    return Update.run(
        namespace,
        Key.of(prefix + subject),
        current -> {
          long now = clock.millis();
          List<Long> moments = current.map(entry -> moments(entry, now)).orElseGet(ArrayList::new);
          if (count > limit - moments.size()) {
            return Update.Decision.leave(
                new Decision(false, limit, limit - moments.size(), reset(moments, count, now)));
          }
          for (long i = 0; i < count; i++) {
            moments.add(now);
          }
          Instant reset = Instant.ofEpochMilli(moments.getFirst()).plus(span);
          return Update.Decision.put(
              bytes(moments),
              WriteOptions.PLAIN.expiresIn(span.plusSeconds(1)).metadata(Form.ALONE),
              new Decision(true, limit, limit - moments.size(), reset));
        });
  }

  /** Returns when enough permits have left the window for the count; for one too large, all. */
  private Instant reset(List<Long> moments, long count, long now) {
    if (moments.isEmpty()) {
      return Instant.ofEpochMilli(now).plus(span);
    }
    long leaving = Math.min(count, limit) - (limit - moments.size());
    return Instant.ofEpochMilli(moments.get(Math.toIntExact(leaving - 1))).plus(span);
  }

  private List<Long> moments(Entry entry, long now) {
    Form.requireReadable(entry.metadata());
    List<Long> moments = new ArrayList<>();
    ByteBuffer buffer = entry.value().bytes().asReadOnlyBuffer();
    while (buffer.remaining() >= Long.BYTES) {
      long moment = buffer.getLong();
      if (moment > now - span.toMillis()) {
        moments.add(moment);
      }
    }
    return moments;
  }

  private static Bytes bytes(List<Long> moments) {
    ByteBuffer buffer = ByteBuffer.allocate(moments.size() * Long.BYTES);
    moments.forEach(buffer::putLong);
    return Bytes.adopt(buffer.array());
  }
}
