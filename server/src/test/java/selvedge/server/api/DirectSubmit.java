package selvedge.server.api;

import selvedge.engine.namespace.Completion;
import selvedge.model.Condition;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.model.Outcome;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;
import selvedge.server.api.shared.Submit;

/** Makes changes immediately that an origin would queue. */
public record DirectSubmit(Namespaces namespaces) implements Submit {
  @Override
  public void change(
      NamespaceId id, Mutation mutation, Condition condition, Completion<Outcome> ending) {
    Outcome outcome;
    try {
      outcome = change(namespaces.open(id), mutation, condition);
    } catch (SelvedgeException e) {
      ending.failed(e);
      return;
    }
    ending.completed(outcome);
  }

  private static Outcome change(Namespace namespace, Mutation mutation, Condition condition) {
    return switch (mutation) {
      case Mutation.Put put ->
          namespace.put(
              put.key(),
              put.value(),
              WriteOptions.PLAIN
                  .metadata(put.metadata())
                  .expiry(put.expiry())
                  .condition(condition));
      case Mutation.Delete delete -> namespace.delete(delete.key(), condition);
      case Mutation.Clear _ -> throw new AssertionError("a clear is not queued");
    };
  }
}
