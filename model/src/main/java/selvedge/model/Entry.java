package selvedge.model;

/**
 * An entry of a namespace.
 *
 * @param key its key
 * @param value its value, which may still be on disk or at a server
 * @param metadata its metadata
 * @param expiry when it expires
 * @param version the version of the change that wrote it
 */
public record Entry(Key key, Value value, Metadata metadata, Expiry expiry, Version version) {}
