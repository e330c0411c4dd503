package selvedge.engine.edge;

import java.util.List;
import java.util.Set;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;

/**
 * Which namespaces an edge has a replica of.
 *
 * @param cached those that it has none of
 */
public record Selection(Set<NamespaceId> cached) {
  public static final Selection EVERYTHING = new Selection(Set.of());

  public Selection {
    cached = Set.copyOf(cached);
  }

  boolean has(NamespaceId namespace) {
    return !cached.contains(namespace);
  }

  boolean isPartial() {
    return !cached.isEmpty();
  }

  /** What a store is to have of the changes: each version, but no entry that is only cached. */
  List<Change> of(List<Change> changes) {
    return isPartial() ? changes.stream().map(this::of).toList() : changes;
  }

  private Change of(Change change) {
    return has(change.namespace()) || !(change.mutation() instanceof Mutation.Put put)
        ? change
        : new Change(
            change.version(), change.at(), change.namespace(), new Mutation.Delete(put.key()));
  }
}
