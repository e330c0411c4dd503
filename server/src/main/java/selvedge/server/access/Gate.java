package selvedge.server.access;

import selvedge.server.api.Request;

/** Tells who sends a request. Never blocks. Safe for use by many threads. */
public interface Gate {
  Admission admit(Request request);
}
