package selvedge.server.api.v1;

import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;

/** Which changes a reader of the feed wants. */
interface FeedFilter {

  /** For replicas, which take what the server keeps for itself along. */
  FeedFilter EVERYTHING = _ -> true;

  boolean wants(Change change);

  /** Those of one namespace whose keys have the prefix, and clears that may touch such keys. */
  static FeedFilter of(NamespaceId namespace, Bytes prefix) {
    return change -> change.namespace().equals(namespace) && touches(change.mutation(), prefix);
  }

  /** Those of all namespaces but one. */
  static FeedFilter allBut(NamespaceId namespace) {
    return change -> !change.namespace().equals(namespace);
  }

  private static boolean touches(Mutation mutation, Bytes prefix) {
    return switch (mutation) {
      case Mutation.Put put -> put.key().bytes().startsWith(prefix);
      case Mutation.Delete(var key) -> key.bytes().startsWith(prefix);
      case Mutation.Clear(Bytes cleared) ->
          cleared.startsWith(prefix) || prefix.startsWith(cleared);
    };
  }
}
