package selvedge.engine.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import selvedge.engine.namespace.ReadPolicy;
import selvedge.engine.namespace.StalenessBounds;
import selvedge.engine.store.Store;
import selvedge.model.NamespaceId;
import selvedge.model.NotHereException;
import selvedge.model.ReadOptions;
import selvedge.model.StaleException;
import selvedge.model.Staleness;

/**
 * Admits the reads for which a replica is fresh enough. Past the staleness bound of a namespace it
 * counts a read or refuses it, as the namespace demands. Safe for use by many threads.
 */
final class BoundedReads implements ReadPolicy {
  private final Store store;
  private final Freshness freshness;
  private final StalenessBounds bounds;
  private final LongAdder stale = new LongAdder();

  BoundedReads(Store store, Freshness freshness, StalenessBounds bounds) {
    this.store = store;
    this.freshness = freshness;
    this.bounds = bounds;
  }

  @Override
  public void admit(NamespaceId namespace) {
    if (!isWithin(bound(namespace))) {
      admitStale(namespace);
    }
  }

  /** Counts a read past the staleness bound of its namespace, or throws if the bound is strict. */
  void admitStale(NamespaceId namespace) {
    Staleness staleness = bounds.of(namespace);
    if (staleness.past() == Staleness.Past.REFUSE) {
      throw new StaleException(
          "this edge has not been complete for "
              + freshness.age().map(age -> age.toMillis() + " ms").orElse("an unknown time")
              + ", and the namespace allows "
              + staleness.bound().toMillis()
              + " ms");
    }
    stale.increment();
  }

  /** Returns the staleness bound of a namespace. */
  Duration bound(NamespaceId namespace) {
    return bounds.of(namespace).bound();
  }

  /** Returns whether the age of the replica is known and within the bound. */
  boolean isWithin(Duration bound) {
    return freshness.isWithin(bound);
  }

  /** Returns how many answers were older than the bound of their namespace. */
  long staleAnswers() {
    return stale.sum();
  }

  @Override
  public void requireFresh(ReadOptions options) {
    if (options.atLeast().compareTo(store.latest()) > 0
        || !(options.takesAnyAge() || freshness.isWithin(options.maxAge()))) {
      throw new NotHereException(
          "this edge is not as fresh as the read requires: read from the origin");
    }
  }

  @Override
  public Optional<Duration> age() {
    return freshness.age();
  }
}
