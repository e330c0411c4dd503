package selvedge.engine.store.row;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;

/** The keys of rows in RocksDB. Numbers are big-endian, so that byte order is reading order. */
public final class KeySpace {
  public static final int NAMESPACE_BYTES = 16;

  /** Ends the range of a prefix. This byte never occurs in a key, because keys are UTF-8. */
  public static final Bytes AFTER_ANY_KEY = Bytes.adopt(new byte[] {(byte) 0xff});

  private static final byte AFTER_ANY_BYTE = (byte) 0xff;

  private KeySpace() {}

  /** Returns the row key of an entry; for a prefix of keys, the start of their rows. */
  public static byte[] entry(NamespaceId namespace, Bytes key) {
    byte[] row = new byte[NAMESPACE_BYTES + key.size()];
    writeNamespace(namespace, row, 0);
    key.copyInto(row, NAMESPACE_BYTES);
    return row;
  }

  /** Returns the row key after those of all keys with the prefix at the end of {@code start}. */
  public static byte[] endOfKeys(byte[] start) {
    byte[] end = Arrays.copyOf(start, start.length + 1);
    end[start.length] = AFTER_ANY_BYTE;
    return end;
  }

  static byte[] version(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  public static void writeNamespace(NamespaceId namespace, byte[] target, int offset) {
    String hex = namespace.hex();
    for (int i = 0; i < NAMESPACE_BYTES; i++) {
      int high = HexFormat.fromHexDigit(hex.charAt(2 * i));
      int low = HexFormat.fromHexDigit(hex.charAt(2 * i + 1));
      target[offset + i] = (byte) (high << 4 | low);
    }
  }

  public static NamespaceId readNamespace(byte[] source, int offset) {
    return new NamespaceId(HexFormat.of().formatHex(source, offset, offset + NAMESPACE_BYTES));
  }
}
