package selvedge.server.api.v1;

import java.util.Set;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.server.access.NamespacePart;

/** Selects the changes that a reader of the feed gets. */
interface FeedFilter {

  /** All changes, for replicas, with the entries that the server keeps for itself. */
  FeedFilter EVERYTHING = _ -> true;

  boolean wants(Change change);

  /** Returns the change in the form that the reader may see. */
  default Change shown(Change change) {
    return change;
  }

  /**
   * Selects the changes of one namespace whose keys have the prefix, and clears that may affect
   * such keys.
   *
   * @param allowed the prefix of the keys that the reader may see; empty for all of them
   */
  static FeedFilter of(NamespaceId namespace, Bytes prefix, Bytes allowed) {
    FeedFilter whole =
        change -> change.namespace().equals(namespace) && change.mutation().touches(prefix);
    return allowed.isEmpty() ? whole : new Part(whole, allowed);
  }

  /** Narrows a clear to the keys that the reader may see. */
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

  /** Selects the changes of all namespaces but one, as in {@link #of}. */
  static FeedFilter allBut(NamespaceId namespace, Bytes prefix) {
    return change -> !change.namespace().equals(namespace) && change.mutation().touches(prefix);
  }

  /** Selects those of the changes that have one of the types. */
  static FeedFilter ofTypes(FeedFilter all, Set<String> types) {
    return new FeedFilter() {
      @Override
      public boolean wants(Change change) {
        return types.contains(type(change.mutation())) && all.wants(change);
      }

      @Override
      public Change shown(Change change) {
        return all.shown(change);
      }
    };
  }

  /** Returns the type of a change, as it is called in JSON. */
  static String type(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Put _ -> "put";
      case Mutation.Delete _ -> "delete";
      case Mutation.Clear _ -> "clear";
    };
  }
}
