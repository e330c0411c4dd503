package selvedge.engine.store.row;

import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Metadata;
import selvedge.model.Version;

/**
 * The row of an entry in the index: all that a listing shows.
 *
 * <p>If the metadata is encrypted, the length of the value is stored as its complement.
 *
 * @param valueBytes the length of the value
 */
public record IndexRow(Version version, Expiry expiry, long valueBytes, Metadata metadata) {
  private static final int FIXED = 3 * Long.BYTES;
  private static final int METADATA = FIXED + Short.BYTES;

  /** The part of a row that is never encrypted. */
  public record Head(Version version, Expiry expiry, long valueBytes) {
    /** A row that does not exist. */
    public static final Head NONE = new Head(Version.NONE, Expiry.NEVER, 0);
  }

  public byte[] encode() {
    return encode(valueBytes, metadata.stored());
  }

  /**
   * Encodes the row.
   *
   * @param entry the key of the row
   */
  public byte[] encode(byte[] entry, RowSeal seal) {
    return seal.isOn() ? encode(~valueBytes, seal.sealIndex(entry, this)) : encode();
  }

  private byte[] encode(long length, Bytes text) {
    return new RowWriter(METADATA + text.size())
        .version(version)
        .expiry(expiry)
        .i64(length)
        .shortBytes(text)
        .row();
  }

  /** Decodes the row of a store that is not encrypted. */
  public static IndexRow decode(RowReader reader) {
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    long valueBytes = reader.count("the length of a value");
    Metadata metadata = reader.metadata();
    reader.end();
    return new IndexRow(version, expiry, valueBytes, metadata);
  }

  /**
   * Decodes the row of an entry.
   *
   * @param entry the key of the row
   */
  public static IndexRow decode(byte[] entry, RowReader reader, RowSeal seal) {
    if (!seal.isOn()) {
      return decode(reader);
    }
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    long length = reader.i64();
    Bytes text = reader.shortBytes();
    reader.end();
    if (length < 0) {
      return seal.openIndex(
          entry, new IndexRow(version, expiry, ~length, Metadata.NONE), text, reader);
    }
    seal.requirePlainAllowed(reader);
    return new IndexRow(version, expiry, length, Metadata.stored(text));
  }

  /** Decodes the part that is never encrypted. */
  public static Head head(RowReader reader) {
    Version version = reader.version();
    Expiry expiry = reader.expiry();
    long length = reader.i64();
    return new Head(version, expiry, length < 0 ? ~length : length);
  }

  /** Returns the number of the data key that a row is encrypted under, 0 for none. */
  public static int keyNumber(byte[] row) {
    return row.length > METADATA && row[2 * Long.BYTES] < 0 ? RowSeal.keyNumber(row, METADATA) : 0;
  }

  /** Returns the entry of a listing for the key. */
  public Listed listed(Key key) {
    return new Listed(key, metadata, expiry, version, valueBytes);
  }
}
