package selvedge.server.access;

import selvedge.server.api.Request;

/** Authenticates requests. Never blocks. Safe for use by many threads. */
public interface Gate {

  /** Returns the sender of the request, or why it is not admitted. */
  Admission admit(Request request);

  /** Returns whether the sender of the request is known, or the server is open. */
  default boolean admits(Request request) {
    return admit(request) instanceof Admission.Admitted;
  }
}
