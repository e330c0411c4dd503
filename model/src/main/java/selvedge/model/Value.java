package selvedge.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The value of an entry, in memory, on disk or at a server.
 *
 * <p>Safe to share between threads; each open stream belongs to one thread.
 */
public interface Value {

  /**
   * Returns the number of bytes. Does not block.
   *
   * @return the length
   */
  long length();

  /**
   * Opens the bytes, from the first one. Reads of the stream may block on disk or network.
   *
   * @return a new stream, which the caller must close
   * @throws StaleException if the value is not in memory and the entry was replaced long ago
   */
  InputStream open();

  /**
   * Reads the whole value into memory. May block on disk or network.
   *
   * @return the bytes
   * @throws UncheckedIOException if they cannot be read
   */
  default Bytes bytes() {
    try (InputStream stream = open()) {
      return Bytes.adopt(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
