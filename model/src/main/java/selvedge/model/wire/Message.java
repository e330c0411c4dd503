package selvedge.model.wire;

import java.time.Instant;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** A frame of a feed or a snapshot. */
public sealed interface Message {

  /** The first frame: the epoch of all versions, and the version at which the rest begins. */
  record Hello(long epoch, Version version) implements Message {}

  /**
   * An entry of a snapshot.
   *
   * @param entry the entry, whose value may be {@link Omitted}
   */
  record Placed(NamespaceId namespace, Entry entry) implements Message {}

  /** A change of a feed. */
  record Changed(Change change) implements Message {}

  /**
   * A put with a time to live, in a request only: a feed has the moment at which the entry expires.
   */
  record Requested(NamespaceId namespace, Mutation.Put put) implements Message {}

  /** There are no further changes up to the version, at the given time. */
  record Heartbeat(Version version, Instant at) implements Message {}

  /**
   * The last frame.
   *
   * @param count the number of entries or changes before it
   * @param reason why the rest is missing; empty if nothing is
   */
  record End(long count, String reason) implements Message {}
}
