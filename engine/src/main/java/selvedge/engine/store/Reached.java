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
 */
public record Reached(long epoch, Version version, NamespaceId namespace, Key key) {}
