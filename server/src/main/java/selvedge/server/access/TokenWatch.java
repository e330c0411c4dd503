package selvedge.server.access;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import selvedge.engine.work.Worker;

/** Notices when a token comes, is revoked or expires. Belongs to one thread. */
public final class TokenWatch implements Worker {
  /** Expiry is judged by a clock that may jump, so it is looked at and not waited for. */
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final Tokens tokens;
  private final BooleanSupplier suspended;
  private final Runnable changed;
  private Set<Token> known;

  /**
   * @param suspended whether no token is honoured at present
   * @param changed runs after the tokens that hold are no longer the same
   */
  public TokenWatch(Tokens tokens, BooleanSupplier suspended, Runnable changed) {
    this.tokens = tokens;
    this.suspended = suspended;
    this.changed = changed;
    this.known = tokens.valid();
  }

  @Override
  public void wakeBy(Runnable wake) {
    tokens.onChange(wake);
  }

  @Override
  public Duration step() {
    Set<Token> valid = suspended.getAsBoolean() ? Set.of() : tokens.valid();
    if (!valid.equals(known)) {
      known = valid;
      changed.run();
    }
    return INTERVAL;
  }
}
