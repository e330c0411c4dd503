package selvedge.engine.store.row;

import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Metadata;
import selvedge.model.Version;

/** What the index keeps under a key: all that a listing shows. */
public final class IndexRow {
  private static final int FIXED = 3 * Long.BYTES;

  private IndexRow() {}

  public static byte[] encode(Version version, Expiry expiry, Metadata metadata, long valueBytes) {
    return new RowWriter(FIXED + RowWriter.size(metadata))
        .version(version)
        .expiry(expiry)
        .i64(valueBytes)
        .metadata(metadata)
        .row();
  }

  public static Listed decode(Key key, RowReader reader) {
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    long valueBytes = reader.count("the length of a value");
    Metadata metadata = reader.metadata();
    reader.end();
    return new Listed(key, metadata, expiry, version, valueBytes);
  }
}
