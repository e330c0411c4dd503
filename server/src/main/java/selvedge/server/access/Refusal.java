package selvedge.server.access;

/** The reason why a request is not authenticated. */
public enum Refusal {
  NO_CREDENTIALS,
  MALFORMED_AUTHORIZATION,
  MALFORMED_KEY,
  UNKNOWN_TOKEN,
  UNKNOWN_KEY
}
