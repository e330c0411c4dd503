package selvedge.engine.store.row;

import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.Version;

/** What the table of entries keeps under a key. */
public record EntryRow(Version version, Expiry expiry, Metadata metadata, Stored value) {
  private static final int INLINE = 1;
  private static final int CHUNKED = 2;
  private static final int FIXED = 1 + 2 * Long.BYTES;

  public byte[] encode() {
    return new RowWriter(FIXED + RowWriter.size(metadata) + RowWriter.size(value))
        .u8(value instanceof Stored.Inline ? INLINE : CHUNKED)
        .version(version)
        .expiry(expiry)
        .metadata(metadata)
        .stored(value)
        .row();
  }

  public static EntryRow decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    int kind = reader.u8();
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    Metadata metadata = reader.metadata();
    Stored value =
        switch (kind) {
          case INLINE -> reader.inline();
          case CHUNKED -> reader.chunked();
          default -> throw reader.damaged("a value is of kind " + kind);
        };
    reader.end();
    return new EntryRow(version, expiry, metadata, value);
  }
}
