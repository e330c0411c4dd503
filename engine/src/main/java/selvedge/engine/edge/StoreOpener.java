package selvedge.engine.edge;

import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Limits;

/**
 * Opens the stores of a data directory while no engine has them open. Used by one thread at a time.
 *
 * @param clock by which entries expire
 */
public record StoreOpener(
    StoreDirectory directory, Limits limits, InstantSource clock, RandomGenerator random) {

  /** Returns whether there is a store in use. */
  public boolean hasStore() {
    return Files.exists(directory.store());
  }

  /** Opens the store in use, or a new one if there is none. */
  public RocksStore open() {
    return directory.open(limits, clock, random);
  }

  /** Returns the lineage of the store in use; empty if there is none. */
  public Optional<Descent> descent() {
    if (!hasStore()) {
      return Optional.empty();
    }
    try (RocksStore store = open()) {
      return Optional.of(Descent.of(store));
    }
  }

  /** Opens the store that is being filled, or a new one if the earlier one cannot be continued. */
  RocksStore openLoading() {
    return directory.openLoading(limits, clock, random);
  }

  /**
   * Gives the store that has been filled the time at which the clock of this machine was last
   * trusted. This clock must be compared with its own time, not with that of the source.
   */
  void keepTrustedTime(Instant trusted) {
    try (RocksStore store = directory.openLoaded(limits, clock, random)) {
      store.trusted(trusted);
    }
  }

  /** Returns the lineage of the store that has been filled. */
  Descent loadedDescent() {
    try (RocksStore store = directory.openLoaded(limits, clock, random)) {
      return Descent.of(store);
    }
  }
}
