package selvedge.patterns;

import selvedge.model.ForwardingNamespace;
import selvedge.model.Namespace;

/** A namespace of which tests override single methods. */
abstract class WrappedNamespace implements ForwardingNamespace {
  private final Namespace namespace;

  WrappedNamespace(Namespace namespace) {
    this.namespace = namespace;
  }

  @Override
  public Namespace delegate() {
    return namespace;
  }
}
