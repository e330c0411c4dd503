package selvedge.engine.feed;

import java.util.List;
import selvedge.model.Change;
import selvedge.model.Version;

/** The result of a read of the feed. */
public sealed interface FeedRead {

  /** The next changes; none if the reader has all of them. */
  record Changes(List<Change> changes) implements FeedRead {
    public Changes {
      changes = List.copyOf(changes);
    }
  }

  /** The changes up to the horizon are trimmed or damaged: the reader needs a snapshot. */
  record Trimmed(Version horizon) implements FeedRead {}
}
