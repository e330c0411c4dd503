package selvedge.server.access;

/** Why a request is not admitted. */
public enum Refusal {
  NO_CREDENTIALS,
  MALFORMED_AUTHORIZATION,
  MALFORMED_KEY,
  UNKNOWN_TOKEN,
  UNKNOWN_KEY
}
