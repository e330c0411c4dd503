package selvedge.engine.replication;

import java.io.IOException;
import java.io.InputStream;
import selvedge.model.Version;

/** Where a replica gets what it does not have yet. Safe for use by many threads. */
public interface Source {

  /**
   * Opens the changes after a version, without end.
   *
   * <p>Throws a {@link GoneException} when they cannot be had any more.
   */
  InputStream feed(Version after, long epoch) throws IOException;

  /** Opens everything as of now. */
  InputStream snapshot() throws IOException;

  /** Asks how far the other side is. */
  Position position() throws IOException;
}
