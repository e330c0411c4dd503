package selvedge.engine.store.row;

import java.util.zip.DataFormatException;
import selvedge.model.Bytes;
import selvedge.model.Metadata;

/** What a row encrypts: metadata, and a value or the reference to its chunks. */
record Content(Metadata metadata, Stored value) {
  private static final int INLINE = 1;
  private static final int CHUNKED = 2;
  private static final int COMPRESSED = 3;

  byte[] encode(Compression compression) {
    int size = 1 + RowWriter.size(metadata);
    if (value instanceof Stored.Inline(Bytes bytes)) {
      byte[] compressed = compression.compress(bytes).orElse(null);
      return compressed == null
          ? new RowWriter(size + bytes.size()).u8(INLINE).metadata(metadata).bytes(bytes).row()
          : new RowWriter(size + Integer.BYTES + compressed.length)
              .u8(COMPRESSED)
              .metadata(metadata)
              .i32(bytes.size())
              .bytes(Bytes.adopt(compressed))
              .row();
    }
    return new RowWriter(size + Stored.Chunked.BYTES)
        .u8(CHUNKED)
        .metadata(metadata)
        .stored(value)
        .row();
  }

  static Content decode(byte[] content, String table) {
    var reader = new RowReader(content, table);
    int kind = reader.u8();
    Metadata metadata = reader.metadata();
    Stored value =
        switch (kind) {
          case INLINE -> new Stored.Inline(reader.rest());
          case COMPRESSED -> decompress(reader);
          case CHUNKED -> reader.chunked();
          default -> throw reader.damaged("an encrypted value is of kind " + kind);
        };
    reader.end();
    return new Content(metadata, value);
  }

  private static Stored decompress(RowReader reader) {
    int size = reader.i32();
    try {
      return new Stored.Inline(
          Bytes.adopt(Compression.decompress(reader.rest().toArray(), 0, size)));
    } catch (DataFormatException | NegativeArraySizeException e) {
      throw reader.damaged("a compressed value cannot be read: " + e.getMessage());
    }
  }
}
