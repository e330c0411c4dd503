package selvedge.server.api.v1;

import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.NamespaceId;

/** Which changes a reader of the feed wants. */
interface FeedFilter {

  /** For replicas, which take what the server keeps for itself along. */
  FeedFilter EVERYTHING = _ -> true;

  boolean wants(Change change);

  /** Those of one namespace whose keys have the prefix, and clears that may touch such keys. */
  static FeedFilter of(NamespaceId namespace, Bytes prefix) {
    return change -> change.namespace().equals(namespace) && change.mutation().touches(prefix);
  }

  /** Those of all namespaces but one. */
  static FeedFilter allBut(NamespaceId namespace) {
    return change -> !change.namespace().equals(namespace);
  }
}
