package selvedge.engine.store;

import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * How far a store was filled from a snapshot before that broke off.
 *
 * @param version as of which the first entries are; later ones may be newer
 * @param namespace of the last entry
 */
public record Reached(long epoch, Version version, NamespaceId namespace, Key key) {}
