package selvedge.model;

/** A key's value, metadata, expiry and version. */
public record Entry(Key key, Value value, Metadata metadata, Expiry expiry, Version version) {}
