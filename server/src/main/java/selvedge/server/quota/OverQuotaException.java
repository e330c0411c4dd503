package selvedge.server.quota;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.Limit;
import selvedge.model.SelvedgeException;

/** An account has reached a limit. The response is 429; other operations are not affected. */
public final class OverQuotaException extends SelvedgeException {
  private final Limit limit;
  private final Duration wait;

  private OverQuotaException(Limit limit, Duration wait, String message) {
    super(wait.isZero() ? Remedy.CALLER : Remedy.TIME, message);
    this.limit = limit;
    this.wait = wait;
  }

  /** Returns an exception for a limit that ends after the given time. */
  public static OverQuotaException until(Limit limit, Duration wait, String message) {
    return new OverQuotaException(limit, wait, message);
  }

  /** Returns an exception for a limit that ends only when the account deletes something. */
  public static OverQuotaException full(Limit limit, String message) {
    return new OverQuotaException(limit, Duration.ZERO, message);
  }

  public Limit limit() {
    return limit;
  }

  /** Returns the time after which the request can succeed; empty if waiting does not help. */
  public Optional<Duration> retryAfter() {
    return wait.isZero() ? Optional.empty() : Optional.of(wait);
  }
}
