package selvedge.engine.feed;

import java.util.List;
import selvedge.model.Change;
import selvedge.model.Version;

/** What a read of the feed found. */
public sealed interface FeedRead {

  /** The next changes; none when the reader has them all. */
  record Changes(List<Change> changes) implements FeedRead {
    public Changes {
      changes = List.copyOf(changes);
    }
  }

  /** The changes up to the horizon are trimmed or damaged: start from a snapshot. */
  record Trimmed(Version horizon) implements FeedRead {}
}
