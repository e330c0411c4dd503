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

  /** The oldest version that can be read from: {@code read(horizon())} is never trimmed. */
  @AnyThread
  Version horizon();

  /**
   * Forgets changes that are older than {@code age} or beyond {@code bytes}, and frees the large
   * values that only they still needed: a bounded part at a time.
   *
   * @return whether more may be left to do
   */
  @WriterOnly
  boolean trim(Duration age, long bytes, Instant now);
}
