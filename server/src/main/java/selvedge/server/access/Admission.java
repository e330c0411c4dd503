package selvedge.server.access;

/** Whether a request comes from somebody who is known. */
public sealed interface Admission {

  /** It does. */
  record Admitted(Caller caller) implements Admission {}

  /** It does not. */
  record Refused(Refusal reason) implements Admission {}
}
