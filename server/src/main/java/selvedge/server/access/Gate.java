package selvedge.server.access;

import selvedge.server.api.Request;

/** Authenticates requests. Never blocks. Safe for use by many threads. */
public interface Gate {
  Admission admit(Request request);
}
