package selvedge.engine.store;

import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * The place at which a snapshot was interrupted.
 *
 * @param version the version of the first entries; later entries may be newer
 * @param namespace of the last entry
 * @param key of the last entry
 * @param opening the newest opening of the server that sent the last entries; 0 if it is unknown
 * @param newest the version of the last entries
 */
public record Reached(
    long epoch, Version version, NamespaceId namespace, Key key, long opening, Version newest) {

  /** Returns the place behind a further entry. */
  public Reached at(NamespaceId next, Key entry) {
    return new Reached(epoch, version, next, entry, opening, newest);
  }

  /** Returns the same place in a further snapshot. */
  public Reached in(long other, Version later) {
    return new Reached(epoch, version, namespace, key, other, later);
  }
}
