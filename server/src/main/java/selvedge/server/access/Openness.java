package selvedge.server.access;

/** When a server accepts requests without a token. */
public enum Openness {
  /** Other machines can connect, so every request needs a token. */
  NEVER,
  /** Until the first token is created, and never again after it. */
  UNTIL_GUARDED,
  /** Whenever no token exists, because the operator has asked for it. */
  WITHOUT_TOKENS
}
