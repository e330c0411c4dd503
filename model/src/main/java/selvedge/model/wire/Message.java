package selvedge.model.wire;

import java.time.Instant;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** A frame of a feed or a snapshot. */
public sealed interface Message {

  /**
   * The first frame: the version at which the rest begins, and its epoch. A feed for a program has
   * another one for each opening of an origin.
   *
   * @param opening the opening of the version, in the form of {@code Selvedge-Openings}; empty if
   *     the sender names none
   */
  record Hello(long epoch, Version version, String opening) implements Message {

    /** Names no opening. */
    public Hello(long epoch, Version version) {
      this(epoch, version, "");
    }
  }

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
