package selvedge.engine.store.rocks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileMetaData;
import org.rocksdb.TableProperties;

/** Finds the files of a table that have many deleted rows. Stateless. */
final class DeletedRows {
  /** The number of rows per deleted row up to which a file is worth a merge. */
  private static final int SHARE = 4;

  private DeletedRows() {}

  /** Returns the ranges of keys of these files, in order and without overlaps. */
  static List<EmptiedRange> ranges(RocksDB database, ColumnFamilyHandle family, Table table)
      throws RocksDBException {
    Map<String, TableProperties> properties = database.getPropertiesOfAllTables(family);
    byte[] name = table.family().getBytes(StandardCharsets.US_ASCII);
    List<EmptiedRange> found =
        database.getLiveFilesMetaData().stream()
            .filter(file -> Arrays.equals(file.columnFamilyName(), name))
            .filter(file -> hasManyDeletes(file, properties.get(file.path() + file.fileName())))
            .sorted(Comparator.comparing(SstFileMetaData::smallestKey, Arrays::compareUnsigned))
            .map(file -> new EmptiedRange(file.smallestKey(), file.largestKey()))
            .toList();
    return joined(found);
  }

  private static boolean hasManyDeletes(
      LiveFileMetaData file, @Nullable TableProperties properties) {
    return file.numDeletions() * SHARE >= Math.max(1, file.numEntries())
        || (properties != null && properties.getNumRangeDeletions() > 0);
  }

  private static List<EmptiedRange> joined(List<EmptiedRange> found) {
    List<EmptiedRange> joined = new ArrayList<>();
    for (EmptiedRange next : found) {
      EmptiedRange last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && Arrays.compareUnsigned(next.start(), last.end()) <= 0) {
        boolean longer = Arrays.compareUnsigned(next.end(), last.end()) > 0;
        joined.set(
            joined.size() - 1, new EmptiedRange(last.start(), longer ? next.end() : last.end()));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }
}
