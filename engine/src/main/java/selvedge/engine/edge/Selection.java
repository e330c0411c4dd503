package selvedge.engine.edge;

import java.util.List;
import java.util.Set;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;

/**
 * The namespaces that an edge replicates: all but those that it only caches.
 *
 * @param cached the namespaces that are cached and not replicated
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

  /**
   * Returns the changes for the store: every version, but with a delete in place of a put in a
   * cached namespace.
   */
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
