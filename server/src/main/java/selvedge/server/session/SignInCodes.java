package selvedge.server.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The one-time codes of links to the console. A code stands for the token of the operator who
 * requested it. Codes exist only in the memory of this process. Safe for use by many threads.
 */
public final class SignInCodes {
  /** The time for which a code can be exchanged. */
  public static final Duration LIFETIME = Duration.ofMinutes(1);

  private static final int CODE_BYTES = 32;
  private static final int OPEN_MAX = 16;
  private static final int WRONG_MAX = 10;
  private static final int ADDRESSES_MAX = 1000;
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /** The codes that can still be exchanged, oldest first. */
  private final Deque<OpenCode> open = new ArrayDeque<>();

  /** Wrong codes of each address since the start of the interval. */
  private final Map<String, Integer> wrong = new HashMap<>();

  private Instant intervalStart = Instant.MIN;

  private record OpenCode(String code, String token, Instant createdAt) {}

  /** The result of an exchange. */
  public sealed interface Exchange {}

  /** The code was valid and no longer is. */
  public record Accepted(String token) implements Exchange {}

  /** There is no such code: it is wrong, was exchanged before, or has expired. */
  public record Refused() implements Exchange {}

  /** There is no such code, and the address has sent too many wrong ones. */
  public record TooManyAttempts(Duration delay) implements Exchange {}

  /**
   * @param random must not be predictable
   */
  public SignInCodes(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Returns a new code for the token. Only the newest codes stay open. */
  public String create(String token) {
    byte[] bytes = new byte[CODE_BYTES];
    random.nextBytes(bytes);
    String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    lock.lock();
    try {
      open.addLast(new OpenCode(code, token, clock.instant()));
      if (open.size() > OPEN_MAX) {
        open.removeFirst();
      }
    } finally {
      lock.unlock();
    }
    return code;
  }

  /**
   * Exchanges a code for the token that it stands for.
   *
   * @param address of the client, whose wrong codes are counted
   */
  public Exchange exchange(String code, String address) {
    lock.lock();
    try {
      Instant now = clock.instant();
      if (!isWithin(now, intervalStart, INTERVAL)) {
        intervalStart = now;
        wrong.clear();
      }
      // First, so that clients behind the same address cannot lock an operator out.
      Optional<OpenCode> found = find(code, now);
      if (found.isPresent()) {
        open.remove(found.get());
        return new Accepted(found.get().token());
      }
      if (hasTooManyAttempts(address)) {
        return new TooManyAttempts(Duration.between(now, intervalStart.plus(INTERVAL)));
      }
      wrong.merge(address, 1, Integer::sum);
      return new Refused();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasTooManyAttempts(String address) {
    return wrong.getOrDefault(address, wrong.size() < ADDRESSES_MAX ? 0 : WRONG_MAX) >= WRONG_MAX;
  }

  /** Compares with every code, each in constant time, so that the time says nothing about them. */
  private Optional<OpenCode> find(String code, Instant now) {
    open.removeIf(each -> !isWithin(now, each.createdAt(), LIFETIME));
    Optional<OpenCode> found = Optional.empty();
    for (OpenCode each : open) {
      if (MessageDigest.isEqual(encoded(each.code()), encoded(code))) {
        found = Optional.of(each);
      }
    }
    return found;
  }

  /** Returns false also if the clock was put back, so that no code lives longer by that. */
  private static boolean isWithin(Instant now, Instant start, Duration time) {
    return !now.isBefore(start) && now.isBefore(start.plus(time));
  }

  private static byte[] encoded(String code) {
    return code.getBytes(StandardCharsets.UTF_8);
  }
}
