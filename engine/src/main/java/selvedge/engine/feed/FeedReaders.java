package selvedge.engine.feed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.model.Version;

/**
 * The servers that read the feed, and how far each of them has read. Safe for use by many threads.
 */
public final class FeedReaders {
  private final Set<Reader> open = ConcurrentHashMap.newKeySet();

  /** A server that needs the changes after a version. One thread uses it. */
  public final class Reader implements AutoCloseable {
    private volatile Version version;

    private Reader(Version version) {
      this.version = version;
    }

    /** Returns the version up to which the server has the changes. */
    public Version version() {
      return version;
    }

    /** Records that the server has the changes up to the version. */
    public void reached(Version reached) {
      version = reached;
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }

  /** Registers a server that needs the changes after the version. */
  public Reader open(Version after) {
    var reader = new Reader(after);
    open.add(reader);
    return reader;
  }

  /** Returns the version up to which all readers have the changes. */
  public Version slowest(Version newest) {
    Version slowest = newest;
    for (Reader reader : open) {
      slowest = reader.version.compareTo(slowest) < 0 ? reader.version : slowest;
    }
    return slowest;
  }
}
