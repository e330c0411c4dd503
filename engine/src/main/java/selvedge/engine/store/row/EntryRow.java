package selvedge.engine.store.row;

import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.Version;

/** The row of an entry in the table of entries. */
public record EntryRow(Version version, Expiry expiry, Metadata metadata, Stored value) {
  private static final int INLINE = 1;
  private static final int CHUNKED = 2;
  private static final int SEALED = 3;
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

  /**
   * Encodes the row.
   *
   * @param entry the key of the row
   */
  public byte[] encode(byte[] entry, RowSeal seal) {
    return seal.isOn() ? encode(seal.sealPut(entry, version, expiry, metadata, value)) : encode();
  }

  /**
   * Encodes the row of an encrypted store.
   *
   * @param sealed the encrypted metadata and value
   */
  public byte[] encode(Bytes sealed) {
    return new RowWriter(FIXED + sealed.size())
        .u8(SEALED)
        .version(version)
        .expiry(expiry)
        .bytes(sealed)
        .row();
  }

  /**
   * Decodes the row of an entry.
   *
   * @param entry the key of the row
   */
  public static EntryRow decode(byte[] row, byte[] entry, RowSeal seal, String table) {
    var reader = new RowReader(row, table);
    if (!seal.isOn() || reader.u8() != SEALED) {
      seal.requirePlainAllowed(reader);
      return decode(row, table);
    }
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    Content content = seal.openPut(entry, version, expiry, reader.rest(), table);
    return new EntryRow(version, expiry, content.metadata(), content.value());
  }

  /** Returns the number of the data key that a row is encrypted under, 0 for none. */
  public static int keyNumber(byte[] row) {
    return row.length > FIXED && row[0] == SEALED ? RowSeal.keyNumber(row, FIXED) : 0;
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
