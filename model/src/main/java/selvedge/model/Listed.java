package selvedge.model;

/** What a listing tells of one entry: all but its value. */
public record Listed(Key key, Metadata metadata, Expiry expiry, Version version, long valueBytes) {}
