package selvedge.engine.store.row;

import java.time.Instant;
import selvedge.model.Version;

/**
 * A place in the feed at which it can be cut.
 *
 * @param millis the time of the change
 * @param bytes the size of all changes up to here since the store was created, trimmed ones
 *     included
 */
public record FeedPoint(Version version, long millis, long bytes) {
  public static final FeedPoint START = new FeedPoint(Version.NONE, 0, 0);

  private static final long MARK_CHANGES = 4096;
  private static final long MARK_BYTES = 1 << 20;
  private static final long MARK_MILLIS = 60_000;

  /** Returns the end of the feed after a change of the given size. */
  public FeedPoint after(Version change, Instant at, long size) {
    return new FeedPoint(change, at.toEpochMilli(), bytes + size);
  }

  /** Returns the start of the feed in a store that was filled from a snapshot. */
  public static FeedPoint loaded(Version version, long millis) {
    return new FeedPoint(version, millis, 0);
  }

  /** Returns whether the place is stored: places must be close enough for a trim. */
  public boolean isWorthMarking(FeedPoint mark) {
    return version.number() - mark.version.number() >= MARK_CHANGES
        || bytes - mark.bytes >= MARK_BYTES
        || Math.abs(millis - mark.millis) >= MARK_MILLIS;
  }

  public byte[] encode() {
    return new RowWriter(3 * Long.BYTES).version(version).i64(millis).i64(bytes).row();
  }

  public static FeedPoint decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    var point = new FeedPoint(reader.version(), reader.i64(), reader.count("the size of the feed"));
    reader.end();
    return point;
  }
}
