package selvedge.cluster;

import selvedge.engine.form.Form;
import selvedge.engine.store.Store;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;

/**
 * The form in which the voters of a cluster write, once it was upgraded: an entry of the system
 * namespace. So it has a place in the one order, and a store that is loaded has it too. Stateless.
 */
final class ClusterForm {
  static final Key KEY = Key.of("cluster-form");

  private ClusterForm() {}

  /** Returns the form that a store names; the oldest one before any upgrade. */
  static int of(Store store) {
    return store.get(NamespaceId.SYSTEM, KEY) instanceof Lookup.Found found
        ? Integer.parseInt(found.entry().value().bytes().utf8())
        : Form.CLUSTER.oldest();
  }

  /** Returns whether a change names another form. */
  static boolean concerns(Change change) {
    return change.namespace().equals(NamespaceId.SYSTEM)
        && change.mutation() instanceof Mutation.Put put
        && put.key().equals(KEY);
  }
}
