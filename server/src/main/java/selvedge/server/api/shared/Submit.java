package selvedge.server.api.shared;

import selvedge.engine.namespace.Completion;
import selvedge.model.Condition;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;

/**
 * A way to change one small entry without waiting for it. Blocks only where the ending says it may.
 */
public interface Submit {

  /** Queues the change, of which the completion hears. */
  void change(
      NamespaceId namespace, Mutation mutation, Condition condition, Completion<Outcome> ending);
}
