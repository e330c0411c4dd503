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
   * Opens the changes that follow what a store has, without end.
   *
   * <p>Throws a {@link GoneException} when the other side has no changes that follow it.
   */
  InputStream feed(Descent after) throws IOException;

  /** Reads which lineage the other side has, to compare it with another one. */
  Descent descent() throws IOException;

  /**
   * Opens the changes that follow what a store has, where the beginning of a large value of the
   * first of them has come before. A source that cannot continue a value sends all of it.
   */
  default InputStream feed(Descent after, Begun begun) throws IOException {
    return feed(after);
  }

  /** Opens everything as of now. */
  InputStream snapshot() throws IOException;

  /** Opens everything as of now that follows an entry. */
  InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException;

  /**
   * Opens everything as of now that follows an entry, where the beginning of a large value of the
   * first entry has come before. A source that cannot continue a value sends all of it.
   */
  default InputStream snapshotBehind(NamespaceId namespace, Key key, Begun begun)
      throws IOException {
    return snapshotBehind(namespace, key);
  }

  /**
   * The beginning of a large value.
   *
   * @param epoch of the change
   * @param version of the change that the value belongs to; none where nothing has come
   * @param bytes how much of it has come
   */
  record Begun(long epoch, Version version, long bytes) {
    public static final Begun NOTHING = new Begun(0, Version.NONE, 0);

    /** The parameters of a request that ask for the rest; empty where nothing has come. */
    public String query() {
      return bytes == 0 ? "" : "&value=" + version + "&value-epoch=" + epoch + "&from=" + bytes;
    }
  }

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
