package selvedge.server.api.shared;

import selvedge.engine.namespace.Completion;
import selvedge.model.Condition;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;

/** Submits a change of one small entry. Blocks only where the completion allows it. */
public interface Submit {

  /** Submits the change, and notifies the completion. */
  void change(
      NamespaceId namespace, Mutation mutation, Condition condition, Completion<Outcome> ending);
}
