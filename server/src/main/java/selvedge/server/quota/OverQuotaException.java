package selvedge.server.quota;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.Limit;
import selvedge.model.SelvedgeException;

/** An account has used up a limit of its own: answered 429, and other operations go on. */
public final class OverQuotaException extends SelvedgeException {
  private final Limit limit;
  private final Duration wait;

  private OverQuotaException(Limit limit, Duration wait, String message) {
    super(wait.isZero() ? Remedy.CALLER : Remedy.TIME, message);
    this.limit = limit;
    this.wait = wait;
  }

  /** Time alone mends it. */
  public static OverQuotaException until(Limit limit, Duration wait, String message) {
    return new OverQuotaException(limit, wait, message);
  }

  /** The account has to give something up first. */
  public static OverQuotaException full(Limit limit, String message) {
    return new OverQuotaException(limit, Duration.ZERO, message);
  }

  public Limit limit() {
    return limit;
  }

  /** When the same request can succeed; empty if waiting does not help. */
  public Optional<Duration> retryAfter() {
    return wait.isZero() ? Optional.empty() : Optional.of(wait);
  }
}
