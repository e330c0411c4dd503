package selvedge.engine.store.rocks;

/** Rows to be written atomically. Confined to one thread. */
public interface WriteSet extends AutoCloseable {
  void put(Table table, byte[] key, byte[] row);

  void delete(Table table, byte[] key);

  /** Deletes the rows from {@code start} on and before {@code end}. */
  void deleteRange(Table table, byte[] start, byte[] end);

  boolean isEmpty();

  @Override
  void close();
}
