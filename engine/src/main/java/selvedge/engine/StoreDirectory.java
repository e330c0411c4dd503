package selvedge.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import selvedge.engine.store.RocksStore;
import selvedge.model.Limits;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The stores in a data directory: the one in use, and the one that is filled beside it. Used by one
 * thread at a time.
 */
public final class StoreDirectory {
  private final Path data;

  public StoreDirectory(Path data) {
    this.data = data;
  }

  /** The store in use. */
  public Path store() {
    return data.resolve("store");
  }

  /** A snapshot that was cut off is never used, but continued. */
  private Path loading() {
    return data.resolve("store.loading");
  }

  /** Whether a store has been begun to be filled. */
  public boolean isLoading() {
    return Files.exists(loading());
  }

  /** Opens the store that is being filled: one that was begun before, if it can be continued. */
  public RocksStore openLoading(Limits limits, InstantSource clock, RandomGenerator random) {
    try {
      Files.createDirectories(data);
      RocksStore store = RocksStore.open(loading(), limits, clock, random);
      if (store.latest().equals(Version.NONE)) {
        return store;
      }
      store.close();
    } catch (StoreDamagedException e) {
      // What has come so far can be had once more.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + data, e);
    }
    forget();
    return RocksStore.open(loading(), limits, clock, random);
  }

  /** Throws away what has been filled so far. */
  public void forget() {
    delete(loading());
  }

  /**
   * Puts the new store in the place of the old one, which nobody has open. Killed in between, there
   * is no store, and the next start loads one.
   */
  public void install() {
    Path old = data.resolve("store.old");
    try {
      delete(old);
      if (Files.exists(store())) {
        Files.move(store(), old);
      }
      Files.move(loading(), store());
      delete(old);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + loading(), e);
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
