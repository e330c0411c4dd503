package selvedge.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The bytes stored under a key, in memory or still on disk.
 *
 * <p>Safe to share between threads; each stream that is opened belongs to one.
 */
public interface Value {

  long length();

  /** Opens the bytes from the first one. The caller closes the stream. */
  InputStream open();

  /** Reads the whole value into memory. */
  default Bytes bytes() {
    try (InputStream stream = open()) {
      return Bytes.adopt(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
