package selvedge.engine.feed;

import java.time.Duration;
import java.time.Instant;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Version;

/**
 * The gap-free sequence of changes after a version, as far back as the horizon.
 *
 * <p>Safe for use by many threads, except that {@link #trim} belongs to the store's writer.
 */
public interface Feed {

  /** Reads at most {@code limit} changes that follow {@code after}, oldest first, without gaps. */
  @AnyThread
  FeedRead read(Version after, int limit);

  /** Returns the oldest version to read from: {@code read(horizon())} is never trimmed. */
  @AnyThread
  Version horizon();

  /**
   * Removes changes that are older than {@code age} or exceed {@code bytes}, and frees the large
   * values that only these changes refer to. Does a bounded piece of this work.
   *
   * @return whether more may be waiting
   */
  @WriterOnly
  boolean trim(Duration age, long bytes, Instant now);

  /**
   * Frees as much space as possible, because the disk has little: removes all changes up to a
   * version, and the space of deleted entries. Does a bounded piece of this work. A feed that is
   * not on disk frees nothing.
   *
   * @param needed the last version that no reader needs any more
   * @return whether more may be waiting
   */
  @WriterOnly
  default boolean reclaim(Version needed, Instant now) {
    return false;
  }
}
