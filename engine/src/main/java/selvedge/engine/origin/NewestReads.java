package selvedge.engine.origin;

import java.time.Duration;
import java.util.Optional;
import selvedge.engine.namespace.ReadPolicy;
import selvedge.engine.store.Store;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;
import selvedge.model.StaleException;

/** Admits every read: an origin has every change. */
record NewestReads(Store store) implements ReadPolicy {
  @Override
  public void admit(NamespaceId namespace) {}

  /** A version that the origin has not given yet may never exist, so no read waits for it. */
  @Override
  public void requireFresh(ReadOptions options) {
    if (options.atLeast().compareTo(store.latest()) > 0) {
      throw new StaleException("there is no version " + options.atLeast() + " yet");
    }
  }

  @Override
  public Optional<Duration> age() {
    return Optional.of(Duration.ZERO);
  }
}
