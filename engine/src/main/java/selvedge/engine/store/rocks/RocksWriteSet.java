package selvedge.engine.store.rocks;

import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Rows in a batch of RocksDB. Confined to one thread. */
public final class RocksWriteSet implements WriteSet {
  private final Map<Table, ColumnFamilyHandle> families;
  private final WriteBatch batch = new WriteBatch();

  public RocksWriteSet(Map<Table, ColumnFamilyHandle> families) {
    this.families = families;
  }

  @Override
  public void put(Table table, byte[] key, byte[] row) {
    try {
      batch.put(family(table), key, row);
    } catch (RocksDBException e) {
      throw Failures.translate(e, "gather a row to write");
    }
  }

  @Override
  public void delete(Table table, byte[] key) {
    try {
      batch.delete(family(table), key);
    } catch (RocksDBException e) {
      throw Failures.translate(e, "gather a row to delete");
    }
  }

  @Override
  public void deleteRange(Table table, byte[] start, byte[] end) {
    try {
      batch.deleteRange(family(table), start, end);
    } catch (RocksDBException e) {
      throw Failures.translate(e, "gather rows to delete");
    }
  }

  @Override
  public boolean isEmpty() {
    return batch.count() == 0;
  }

  public WriteBatch batch() {
    return batch;
  }

  @Override
  public void close() {
    batch.close();
  }

  private ColumnFamilyHandle family(Table table) {
    ColumnFamilyHandle family = families.get(table);
    if (family == null) {
      throw new IllegalArgumentException("no family for " + table);
    }
    return family;
  }
}
