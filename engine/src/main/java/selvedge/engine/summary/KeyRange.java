package selvedge.engine.summary;

import selvedge.model.Bytes;

/** The keys from a start to the start of the next range. Belongs to the thread of the summaries. */
final class KeyRange {
  private final Bytes start;
  private Amount amount;
  private long rows;
  private boolean stale;

  /**
   * @param rows the number of rows, expired ones included
   */
  KeyRange(Bytes start, Amount amount, long rows) {
    this.start = start;
    this.amount = amount;
    this.rows = rows;
  }

  Bytes start() {
    return start;
  }

  Amount amount() {
    return amount;
  }

  long rows() {
    return rows;
  }

  /** Replaces what a row contributes. Empty amounts stand for a row that is missing or expired. */
  void replace(Amount before, Amount after) {
    amount = amount.minus(before).plus(after);
    rows += after.keys() - before.keys();
  }

  /** Returns this range and the next one as one. */
  KeyRange with(KeyRange next) {
    return new KeyRange(start, amount.plus(next.amount), rows + next.rows);
  }

  /** Marks the range as one that must be counted again. */
  void expire() {
    stale = true;
  }

  boolean isStale() {
    return stale;
  }
}
