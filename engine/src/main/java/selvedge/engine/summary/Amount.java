package selvedge.engine.summary;

import java.time.Instant;
import selvedge.engine.store.IndexView;
import selvedge.model.Listed;

/**
 * A number of entries that can be read, and the size of their keys and values.
 *
 * @param bytes without metadata
 */
public record Amount(long keys, long bytes) {
  public static final Amount NONE = new Amount(0, 0);

  Amount plus(Amount other) {
    return new Amount(keys + other.keys, bytes + other.bytes);
  }

  Amount minus(Amount other) {
    return new Amount(keys - other.keys, bytes - other.bytes);
  }

  /** Returns the amount of one row at a moment: none if it has expired. */
  static Amount of(Listed row, Instant at) {
    return row.expiry().hasPassed(at)
        ? NONE
        : new Amount(1, row.key().bytes().size() + row.valueBytes());
  }

  /** Returns the amount of the current row at a moment. */
  static Amount of(IndexView.Rows rows, Instant at) {
    return rows.expiry().hasPassed(at)
        ? NONE
        : new Amount(1, rows.key().size() + rows.valueBytes());
  }
}
