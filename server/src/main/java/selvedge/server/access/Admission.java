package selvedge.server.access;

/** The result of the authentication of a request. */
public sealed interface Admission {

  /** The request is authenticated, or needs no authentication. */
  record Admitted(Caller caller) implements Admission {}

  /** The request is rejected. */
  record Refused(Refusal reason) implements Admission {}
}
