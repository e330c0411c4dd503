package selvedge.server.access;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import selvedge.engine.work.Worker;

/** Runs an action after a token is created, revoked or expires. Belongs to one thread. */
public final class TokenWatch implements Worker {
  /** Polls, because the clock that expiries are compared with may jump. */
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final Tokens tokens;
  private final BooleanSupplier suspended;
  private final Runnable changed;
  private Set<Token> lastValid;

  /**
   * @param suspended returns whether the server accepts no token at this time
   * @param changed runs after the set of valid tokens has changed
   */
  public TokenWatch(Tokens tokens, BooleanSupplier suspended, Runnable changed) {
    this.tokens = tokens;
    this.suspended = suspended;
    this.changed = changed;
    this.lastValid = tokens.valid();
  }

  @Override
  public void wakeBy(Runnable wake) {
    tokens.onChange(wake);
  }

  @Override
  public Duration step() {
    Set<Token> valid = suspended.getAsBoolean() ? Set.of() : tokens.valid();
    if (!valid.equals(lastValid)) {
      lastValid = valid;
      changed.run();
    }
    return INTERVAL;
  }
}
