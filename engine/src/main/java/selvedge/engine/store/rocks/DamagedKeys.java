package selvedge.engine.store.rocks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import selvedge.engine.store.row.KeySpace;
import selvedge.model.StoreDamagedException;

/** Describes which keys a damaged file has, for an operator. Stateless. */
final class DamagedKeys {
  private DamagedKeys() {}

  /** Returns the table and the range of the file that the message names; empty if there is none. */
  static String text(RocksDB database, StoreDamagedException damage) {
    String message = String.valueOf(damage.getMessage());
    for (LiveFileMetaData file : database.getLiveFilesMetaData()) {
      if (message.contains(file.fileName())) {
        return "; it has rows of the table "
            + new String(file.columnFamilyName(), StandardCharsets.US_ASCII)
            + " from "
            + key(file.smallestKey())
            + " to "
            + key(file.largestKey());
      }
    }
    return "";
  }

  /** Returns namespace and key; a key of upkeep is shown as bytes. */
  private static String key(byte[] row) {
    if (row.length <= KeySpace.NAMESPACE_BYTES) {
      return HexFormat.of().formatHex(row);
    }
    String namespace = HexFormat.of().formatHex(row, 0, KeySpace.NAMESPACE_BYTES);
    byte[] key = Arrays.copyOfRange(row, KeySpace.NAMESPACE_BYTES, row.length);
    String text = new String(key, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    return "\"" + text + "\" of the namespace " + namespace;
  }
}
