package selvedge.server.api.v1;

import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.server.access.NamespacePart;

/** Which changes a reader of the feed wants. */
interface FeedFilter {

  /** For replicas, which take what the server keeps for itself along. */
  FeedFilter EVERYTHING = _ -> true;

  boolean wants(Change change);

  /** Returns a change that is wanted as the reader may see it. */
  default Change shown(Change change) {
    return change;
  }

  /**
   * Those of one namespace whose keys have the prefix, and clears that may touch such keys.
   *
   * @param allowed the prefix of the keys that the reader may see; empty for all of them
   */
  static FeedFilter of(NamespaceId namespace, Bytes prefix, Bytes allowed) {
    FeedFilter whole =
        change -> change.namespace().equals(namespace) && change.mutation().touches(prefix);
    return allowed.isEmpty() ? whole : new Part(whole, allowed);
  }

  /** What a reader may see who may not see all keys: a clear of more is one of that part. */
  record Part(FeedFilter whole, Bytes allowed) implements FeedFilter {
    @Override
    public boolean wants(Change change) {
      return whole.wants(change) && change.mutation().touches(allowed);
    }

    @Override
    public Change shown(Change change) {
      return change.mutation() instanceof Mutation.Clear clear
          ? new Change(
              change.version(),
              change.at(),
              change.namespace(),
              NamespacePart.narrow(clear, allowed))
          : change;
    }
  }

  /** Those of all namespaces but one. */
  static FeedFilter allBut(NamespaceId namespace) {
    return change -> !change.namespace().equals(namespace);
  }
}
