package selvedge.engine.store.rocks;

import selvedge.engine.store.row.RowReader;

/**
 * Walks the rows of a range as of the moment at which the scan was created. Confined to one thread.
 *
 * <pre>{@code
 * while (scan.next()) {
 *   use(scan.key(), scan.row());
 * }
 * }</pre>
 */
public interface Scan extends AutoCloseable {

  /** Goes to the next row, and returns whether there is one. */
  boolean next();

  byte[] key();

  /** Returns the key without its first bytes. */
  byte[] keyFrom(int offset);

  byte[] row();

  /** Returns a reader of the row, which is valid until another method of this scan is called. */
  RowReader reader(String table);

  @Override
  void close();
}
