package selvedge.engine.store;

import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.Version;

/** What the index keeps under a key: all that a listing shows. */
record IndexRow(Version version, Expiry expiry, Metadata metadata, long valueBytes) {
  private static final int FIXED = 3 * Long.BYTES;

  byte[] encode() {
    return new RowWriter(FIXED + RowWriter.size(metadata))
        .version(version)
        .expiry(expiry)
        .i64(valueBytes)
        .metadata(metadata)
        .row();
  }

  static IndexRow decode(RowReader reader) {
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    long valueBytes = reader.count("the length of a value");
    Metadata metadata = reader.metadata();
    reader.end();
    return new IndexRow(version, expiry, metadata, valueBytes);
  }
}
