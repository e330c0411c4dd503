package selvedge.engine.store;

import selvedge.model.Bytes;
import selvedge.model.Value;

/**
 * A large value that is being written to disk. Belongs to one thread.
 *
 * <p>{@link #close} frees its chunks unless a commit refers to the finished value.
 */
public interface Upload extends AutoCloseable {

  /** Appends a chunk. Every chunk but the last must have exactly {@code CHUNK_BYTES}. */
  void write(Bytes chunk);

  /** Ends the value and returns it. It can be read only after a commit refers to it. */
  Value finish();

  @Override
  void close();
}
