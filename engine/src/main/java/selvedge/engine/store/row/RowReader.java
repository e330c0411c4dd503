package selvedge.engine.store.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Decodes a row. Throws a {@link StoreDamagedException} and no other exception for a damaged row,
 * and never allocates more than the size of the row. Belongs to one thread.
 */
public final class RowReader {
  private static final VarHandle I32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] row;
  private final int end;
  private final String table;
  private int position;

  /**
   * @param table the name of the table, for messages
   */
  public RowReader(byte[] row, String table) {
    this(row, row.length, table);
  }

  /**
   * @param end where the row ends in its array
   */
  public RowReader(byte[] row, int end, String table) {
    this.row = row;
    this.end = end;
    this.table = table;
  }

  public int u8() {
    return row[advance(1)] & 0xff;
  }

  int u16() {
    int at = advance(Short.BYTES);
    return (row[at] & 0xff) << 8 | (row[at + 1] & 0xff);
  }

  int i32() {
    return (int) I32.get(row, advance(Integer.BYTES));
  }

  public long i64() {
    return (long) I64.get(row, advance(Long.BYTES));
  }

  /** Reads a number that must not be negative. */
  long count(String name) {
    long count = i64();
    if (count < 0) {
      throw damaged(name + " is " + count);
    }
    return count;
  }

  public Version version() {
    return new Version(count("a version"));
  }

  Expiry expiry() {
    long millis = count("an expiry");
    try {
      return millis == 0 ? Expiry.NEVER : Expiry.at(Instant.ofEpochMilli(millis));
    } catch (InvalidRequestException e) {
      throw damaged("an expiry is not valid: " + e.getMessage());
    }
  }

  Instant instant() {
    long seconds = i64();
    int nanos = i32();
    if (nanos < 0 || nanos > 999_999_999) {
      throw damaged("a moment has " + nanos + " nanoseconds");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw damaged("a moment is " + seconds + " seconds from 1970");
    }
  }

  public NamespaceId namespace() {
    return KeySpace.readNamespace(row, advance(KeySpace.NAMESPACE_BYTES));
  }

  Bytes bytes(int size) {
    return Bytes.copyOf(row, advance(size), size);
  }

  public Bytes shortBytes() {
    return bytes(u16());
  }

  /** Reads the rest of the row. */
  public Bytes rest() {
    return bytes(end - position);
  }

  Key key() {
    return checked(shortBytes());
  }

  /** Reads the rest of the row as a key. */
  public Key lastKey() {
    return checked(rest());
  }

  private Key checked(Bytes bytes) {
    try {
      return new Key(bytes);
    } catch (InvalidKeyException e) {
      throw damaged("a key is not valid: " + e.getMessage());
    }
  }

  Metadata metadata() {
    return Metadata.stored(shortBytes());
  }

  public ValueId valueId() {
    return new ValueId(i64(), i64());
  }

  Stored inline() {
    return new Stored.Inline(longBytes());
  }

  Bytes longBytes() {
    int size = i32();
    if (size < 0) {
      throw damaged("a value has " + size + " bytes");
    }
    return bytes(size);
  }

  public Stored.Chunked chunked() {
    ValueId id = valueId();
    long length = count("the length of a value");
    int chunkBytes = i32();
    if (chunkBytes <= 0 || length / chunkBytes >= Integer.MAX_VALUE) {
      throw damaged("a value of " + length + " bytes has chunks of " + chunkBytes);
    }
    return new Stored.Chunked(id, length, chunkBytes);
  }

  String table() {
    return table;
  }

  public void end() {
    if (position != end) {
      throw damaged((end - position) + " bytes are left over");
    }
  }

  public StoreDamagedException damaged(String problem) {
    return new StoreDamagedException("a row of " + table + " is damaged: " + problem);
  }

  private int advance(int size) {
    int at = position;
    if (size > end - at) {
      throw damaged("it ends after " + end + " bytes, within a field of " + size);
    }
    position = at + size;
    return at;
  }
}
