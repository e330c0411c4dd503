package selvedge.engine.store;

import java.time.Instant;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * What listings show, of all namespaces as of one version, whatever changes meanwhile. Expired
 * entries are included.
 *
 * <p>Any thread may read. It must be closed before the store, after the last read.
 */
public interface IndexView extends AutoCloseable {

  /** Rows in unsigned byte order of their keys. Belongs to one thread. */
  interface Rows extends AutoCloseable {

    /** Goes to the next row, and returns whether there is one. */
    boolean next();

    /** Returns the key of the row. */
    Bytes key();

    /** Returns the expiry of the row. */
    Expiry expiry();

    /** Returns the length of the value. */
    long valueBytes();

    /** Returns the whole row. */
    Listed listed();

    @Override
    void close();
  }

  /** Names of entries that expire at some time. Belongs to one thread. */
  interface Names extends AutoCloseable {

    /** Returns the next name; empty at the end. */
    Optional<Name> next();

    @Override
    void close();
  }

  Version version();

  /** Returns the row of a key. */
  Optional<Listed> find(NamespaceId namespace, Key key);

  /** Returns the rows of a namespace from a key on and before another one. */
  Rows rows(NamespaceId namespace, Bytes from, Bytes end);

  /**
   * Returns the names of the entries that expire after a moment, up to another one. It may contain
   * names of entries that were replaced before they expired.
   */
  Names expiring(Instant after, Instant upTo);

  /** Returns about which part of the rows of a namespace lies before a key, from 0 to 1. */
  double part(NamespaceId namespace, Bytes key);

  @Override
  void close();
}
