package selvedge.engine.store;

import selvedge.model.Bytes;
import selvedge.model.Value;

/**
 * A large value on its way to disk. Belongs to one thread.
 *
 * <p>Closing frees what was written, unless a commit refers to the finished value by then.
 */
public interface Upload extends AutoCloseable {

  /** Appends bytes; every call but the last brings exactly {@code CHUNK_BYTES}. */
  void write(Bytes chunk);

  /** Ends the value. It can be read only after a commit refers to it. */
  Value finish();

  @Override
  void close();
}
