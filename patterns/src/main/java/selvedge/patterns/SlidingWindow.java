package selvedge.patterns;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * So much in any span of that length, wherever it begins: the moments of the last ones are kept,
 * and compare-and-set decides.
 */
public record SlidingWindow(
    Namespace namespace, String prefix, long limit, Duration span, InstantSource clock)
    implements RateLimiter {
  private static final long LIMIT_MAX = 100_000;

  public SlidingWindow {
    if (limit < 1 || limit > LIMIT_MAX || span.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidRequestException(
          "a sliding window lets 1 to " + LIMIT_MAX + " through in at least a second");
    }
  }

  @Override
  public Decision tryAcquire(String subject, long count) {
    return Update.run(
        namespace,
        Key.of(prefix + subject),
        current -> {
          long now = clock.millis();
          List<Long> moments =
              current.map(entry -> moments(entry.value().bytes(), now)).orElseGet(ArrayList::new);
          if (moments.size() + count > limit) {
            Instant reset =
                moments.isEmpty()
                    ? Instant.ofEpochMilli(now).plus(span)
                    : Instant.ofEpochMilli(moments.getFirst()).plus(span);
            return Update.Decision.leave(new Decision(false, limit, limit - moments.size(), reset));
          }
          for (long i = 0; i < count; i++) {
            moments.add(now);
          }
          Instant reset = Instant.ofEpochMilli(moments.getFirst()).plus(span);
          return Update.Decision.put(
              bytes(moments),
              Put.expiresIn(span.plusSeconds(1)),
              new Decision(true, limit, limit - moments.size(), reset));
        });
  }

  private List<Long> moments(Bytes value, long now) {
    List<Long> moments = new ArrayList<>();
    ByteBuffer buffer = value.asReadOnlyBuffer();
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
