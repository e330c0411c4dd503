package selvedge.model.wire;

import java.time.Instant;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** One thing that is said in a feed or a snapshot. */
public sealed interface Message {

  /** Comes first: of which order of changes all is, and where it stands. */
  record Hello(long epoch, Version version) implements Message {}

  /**
   * An entry as it stands.
   *
   * @param entry whose value may be {@link Omitted}
   */
  record Placed(NamespaceId namespace, Entry entry) implements Message {}

  /** A change of a feed. */
  record Changed(Change change) implements Message {}

  /** Nothing has happened since; says when that was true. */
  record Heartbeat(Version version, Instant at) implements Message {}

  /**
   * Comes last.
   *
   * @param count how many entries or changes came before
   * @param reason empty when all has been said
   */
  record End(long count, String reason) implements Message {}
}
