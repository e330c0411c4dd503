package selvedge.engine.namespace;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;

/** Decides which reads a store may answer. Safe for use by many threads. */
public interface ReadPolicy {

  /** Throws if the store is too old for reads of the namespace. */
  void admit(NamespaceId namespace);

  /** Throws if the store is not as fresh as the options require. */
  void requireFresh(ReadOptions options);

  /** Returns how long ago the store had every change; empty if that is not known. */
  Optional<Duration> age();
}
