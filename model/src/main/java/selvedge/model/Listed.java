package selvedge.model;

/**
 * An entry of a listing, without its value.
 *
 * @param key its key
 * @param metadata its metadata
 * @param expiry when it expires
 * @param version the version of the change that wrote it
 * @param valueBytes the length of its value
 */
public record Listed(Key key, Metadata metadata, Expiry expiry, Version version, long valueBytes) {}
