package selvedge.server.quota;

import java.util.Locale;
import selvedge.model.Limit;

/** A type of operation that is counted per account and UTC day. */
public enum Quota {
  /** Keys that are read, whether they exist or not. */
  READS(Limit.READS_PER_DAY),
  /** Pairs that are written. */
  WRITES(Limit.WRITES_PER_DAY),
  /** Keys that are deleted, whether they exist or not. */
  DELETES(Limit.DELETES_PER_DAY),
  /** Pages of keys that are listed. */
  LISTS(Limit.LISTS_PER_DAY);

  private final Limit limit;

  Quota(Limit limit) {
    this.limit = limit;
  }

  public Limit limit() {
    return limit;
  }

  /** Returns the name in headers, JSON and metrics. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
