package selvedge.server.api;

import java.io.IOException;
import java.io.OutputStream;
import selvedge.model.Bytes;
import selvedge.model.Value;

/** What follows the headers of an answer. */
public sealed interface Body {

  Body NONE = new Held(Bytes.EMPTY);

  /** Bytes in memory. */
  record Held(Bytes bytes) implements Body {}

  /** A part of a value, sent piece by piece at the client's pace. */
  record Streamed(Value value, long offset, long length) implements Body {}

  /** An answer of unknown length, written as it is made; blocks at the client's pace. */
  record Written(Output output) implements Body {}

  /**
   * An answer that goes on for as long as both sides like. It is sent as often as its output is
   * flushed, and takes no place among the requests at work.
   */
  record Live(Output output) implements Body {}

  /** The length a body would have, in the answer to a HEAD request. */
  record Announced(long length) implements Body {}

  /** Writes a body. */
  interface Output {
    void writeTo(OutputStream stream) throws IOException;

    /** Lets go of what was to be written, which nobody gets. */
    default void discard() throws IOException {}
  }
}
