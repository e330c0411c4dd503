package selvedge.server.api;

import java.io.IOException;
import java.io.OutputStream;
import selvedge.model.Bytes;
import selvedge.model.Value;

/** The body of an answer. */
public sealed interface Body {

  Body NONE = new Held(Bytes.EMPTY);

  /** Bytes in memory. */
  record Held(Bytes bytes) implements Body {}

  /** A part of a value, sent in pieces at the client's pace. */
  record Streamed(Value value, long offset, long length) implements Body {}

  /**
   * An answer of unknown length, written while it is produced. Writing blocks at the client's pace.
   */
  record Written(Output output) implements Body {}

  /**
   * An answer that may never end. Each flush of its output is sent, and it takes no place among the
   * requests in flight.
   */
  record Live(Output output) implements Body {}

  /** The length of the body that a GET would have, in the answer to a HEAD request. */
  record Announced(long length) implements Body {}

  /** Writes a body. */
  interface Output {
    void writeTo(OutputStream stream) throws IOException;

    /** Frees what the output holds, when it is not written. */
    default void discard() throws IOException {}
  }
}
