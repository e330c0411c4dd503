package selvedge.engine.store.row;

import java.nio.ByteBuffer;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** Encodes a row of a known size. Belongs to one thread. */
public final class RowWriter {
  private final byte[] array;
  private final ByteBuffer buffer;

  public RowWriter(int size) {
    array = new byte[size];
    buffer = ByteBuffer.wrap(array);
  }

  RowWriter u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  RowWriter u16(int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException(value + " does not fit two bytes");
    }
    buffer.putShort((short) value);
    return this;
  }

  RowWriter i32(int value) {
    buffer.putInt(value);
    return this;
  }

  public RowWriter i64(long value) {
    buffer.putLong(value);
    return this;
  }

  public RowWriter version(Version version) {
    return i64(version.number());
  }

  RowWriter expiry(Expiry expiry) {
    return i64(millis(expiry));
  }

  public RowWriter namespace(NamespaceId namespace) {
    KeySpace.writeNamespace(namespace, array, buffer.position());
    buffer.position(buffer.position() + KeySpace.NAMESPACE_BYTES);
    return this;
  }

  public RowWriter bytes(Bytes bytes) {
    bytes.copyInto(array, buffer.position());
    buffer.position(buffer.position() + bytes.size());
    return this;
  }

  /** Writes bytes behind their length in two bytes. */
  public RowWriter shortBytes(Bytes bytes) {
    return u16(bytes.size()).bytes(bytes);
  }

  RowWriter metadata(Metadata metadata) {
    return shortBytes(metadata.stored());
  }

  RowWriter valueId(ValueId id) {
    return i64(id.opening()).i64(id.upload());
  }

  public RowWriter stored(Stored stored) {
    return switch (stored) {
      case Stored.Inline(Bytes bytes) -> i32(bytes.size()).bytes(bytes);
      case Stored.Chunked(ValueId id, long length, int chunkBytes) ->
          valueId(id).i64(length).i32(chunkBytes);
    };
  }

  public byte[] row() {
    if (buffer.hasRemaining()) {
      throw new IllegalStateException(buffer.remaining() + " bytes of the row were not written");
    }
    return array;
  }

  static int size(Stored stored) {
    return switch (stored) {
      case Stored.Inline(Bytes bytes) -> Integer.BYTES + bytes.size();
      case Stored.Chunked _ -> Stored.Chunked.BYTES;
    };
  }

  static int size(Metadata metadata) {
    return Short.BYTES + metadata.stored().size();
  }

  /** Returns the time in milliseconds, 0 for none. */
  public static long millis(Expiry expiry) {
    return switch (expiry) {
      case Expiry.Never _ -> 0;
      case Expiry.At(var instant) -> instant.toEpochMilli();
    };
  }
}
