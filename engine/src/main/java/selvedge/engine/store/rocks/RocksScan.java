package selvedge.engine.store.rocks;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import selvedge.engine.store.row.RowReader;

/** A scan by an iterator of RocksDB. Confined to one thread. */
public final class RocksScan implements Scan {
  private static final int BUFFER_BYTES = 4096;

  /** Copying a small row costs less than an array that JNI allocates. */
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private final Slice end;
  private final ReadOptions options;
  private final RocksIterator iterator;
  private final Runnable onClose;
  private boolean started;

  /**
   * @param start the first key of the range
   * @param end the first key after the range
   */
  public RocksScan(
      RocksDB rocks, ColumnFamilyHandle family, byte[] start, byte[] end, Runnable onClose) {
    this(rocks, family, start, end, null, onClose);
  }

  /**
   * @param snapshot the snapshot to read; null for the current rows
   */
  public RocksScan(
      RocksDB rocks,
      ColumnFamilyHandle family,
      byte[] start,
      byte[] end,
      org.rocksdb.@Nullable Snapshot snapshot,
      Runnable onClose) {
    this.end = new Slice(end);
    this.options = new ReadOptions().setIterateUpperBound(this.end);
    if (snapshot != null) {
      options.setSnapshot(snapshot);
    }
    this.iterator = rocks.newIterator(family, options);
    this.onClose = onClose;
    iterator.seek(start);
  }

  @Override
  public boolean next() {
    if (started) {
      iterator.next();
    }
    started = true;
    if (iterator.isValid()) {
      return true;
    }
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw Failures.translate(e, "read a range");
    }
    return false;
  }

  @Override
  public byte[] key() {
    return keyFrom(0);
  }

  @Override
  public byte[] keyFrom(int offset) {
    int size = iterator.key(buffer);
    byte[] bytes = size > buffer.length ? iterator.key() : buffer;
    return Arrays.copyOfRange(bytes, offset, size);
  }

  @Override
  public byte[] row() {
    int size = iterator.value(buffer);
    return size > buffer.length ? iterator.value() : Arrays.copyOf(buffer, size);
  }

  @Override
  public RowReader reader(String table) {
    int size = iterator.value(buffer);
    byte[] bytes = size > buffer.length ? iterator.value() : buffer;
    return new RowReader(bytes, size, table);
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    end.close();
    onClose.run();
  }
}
