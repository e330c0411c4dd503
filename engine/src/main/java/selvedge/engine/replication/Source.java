package selvedge.engine.replication;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
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

  /** Opens everything as of now that follows an entry. */
  InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException;

  /**
   * Opens what some keys hold, as of a version or later; values that are too large to be held are
   * left out.
   */
  Reading read(NamespaceId namespace, List<Key> keys, Version least) throws IOException;

  /**
   * Frames that tell what was asked for.
   *
   * @param age how long ago this was all there was; empty if nobody knows
   */
  record Reading(InputStream frames, Optional<Duration> age) {}

  /** Asks how far the other side is. */
  Position position() throws IOException;
}
