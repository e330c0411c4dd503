package selvedge.server.health;

/**
 * The state of a server at a moment.
 *
 * @param reason why it is not serving, without names of files; empty while it is serving
 * @param detail the reason for operators
 */
public record Health(State state, String reason, String detail) {
  public static final Health SERVING = new Health(State.SERVING, "", "");

  /** Describes a state whose reason is the same for clients and operators. */
  public Health(State state, String reason) {
    this(state, reason, reason);
  }

  /** Returns whether the server can answer reads. */
  public boolean allowsReads() {
    return switch (state) {
      case DRAINING, RECOVERING -> false;
      case READ_ONLY, DAMAGED, SERVING -> true;
    };
  }

  /** Returns whether the server accepts writes. */
  public boolean allowsWrites() {
    return switch (state) {
      case DRAINING, RECOVERING, READ_ONLY -> false;
      case DAMAGED, SERVING -> true;
    };
  }

  /** Returns state and reason in one line. */
  public String text() {
    return reason.isEmpty() ? state.label() : state.label() + ": " + reason;
  }
}
