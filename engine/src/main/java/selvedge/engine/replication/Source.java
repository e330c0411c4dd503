package selvedge.engine.replication;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** A server as the source of a replica's data. Safe for use by many threads. */
public interface Source {

  /**
   * Opens the endless stream of changes that follow those of a store.
   *
   * <p>Throws a {@link GoneException} if the source no longer has these changes.
   */
  InputStream feed(Descent after) throws IOException;

  /** Reads the lineage of the source. */
  Descent descent() throws IOException;

  /**
   * Opens the changes that follow those of a store, when the first part of a large value of the
   * first change has arrived before. A source that cannot continue a value sends all of it.
   */
  default InputStream feed(Descent after, ReceivedPart received) throws IOException {
    return feed(after);
  }

  /** Opens a snapshot of all entries. */
  InputStream snapshot() throws IOException;

  /** Opens a snapshot of the entries that follow an entry. */
  InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException;

  /**
   * Opens a snapshot of the entries that follow an entry, when the first part of a large value of
   * the first entry has arrived before. A source that cannot continue a value sends all of it.
   */
  default InputStream snapshotBehind(NamespaceId namespace, Key key, ReceivedPart received)
      throws IOException {
    return snapshotBehind(namespace, key);
  }

  /**
   * The first part of an interrupted large value.
   *
   * @param epoch of the store that follows the changes before the value
   * @param version of the change that the value belongs to; none if nothing has arrived
   * @param bytes the size of the part
   */
  record ReceivedPart(long epoch, Version version, long bytes) {
    public static final ReceivedPart NOTHING = new ReceivedPart(0, Version.NONE, 0);

    /** Returns the query parameters for the rest of the value; empty if nothing has arrived. */
    public String query() {
      return bytes == 0 ? "" : "&value=" + version + "&value-epoch=" + epoch + "&from=" + bytes;
    }
  }

  /**
   * Opens the entries of some keys as of a change or later. A value that is too large for an edge
   * to hold is replaced by its length. A source that does not have that change refuses the read.
   */
  Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException;

  /**
   * The newest change that an answer must take into account.
   *
   * @param epoch of the store that has the change
   * @param opening the newest opening of that store; 0 if it has none
   */
  record Least(long epoch, long opening, Version version) {}

  /**
   * The answer to a read, as frames.
   *
   * @param age how long ago the source had every change; empty if that is not known
   * @param opening the newest opening of the source; 0 if that is not known
   */
  record Reading(InputStream frames, Optional<Duration> age, long opening) {}

  /**
   * Reads the time by the clock of the source, as far as it trusts that clock; empty if the source
   * does not send it.
   */
  default Optional<Instant> trustedAt() throws IOException {
    return Optional.empty();
  }

  /** Reads the position of the source. */
  Position position() throws IOException;
}
