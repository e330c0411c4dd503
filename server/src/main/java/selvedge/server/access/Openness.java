package selvedge.server.access;

/** The condition under which a server accepts requests without a token. */
public enum Openness {
  /** Never: other machines can connect, so each request needs a token. */
  NEVER,
  /** Until the first token is created. */
  UNTIL_GUARDED,
  /** While no token exists, by the setting {@code open}. */
  WITHOUT_TOKENS
}
