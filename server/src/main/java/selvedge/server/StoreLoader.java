package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.origin.Bootstrap;
import selvedge.engine.origin.Lineage;
import selvedge.engine.replication.GoneException;
import selvedge.engine.store.RocksStore;
import selvedge.model.Limits;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;
import selvedge.server.edge.Upstream;

/** Gets an edge its store: from a snapshot, beside the one in use. Used by one thread at a time. */
final class StoreLoader {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLoader.class);
  private static final long TOLD_EVERY = 100_000;
  private static final Duration RETRY_FIRST = Duration.ofMillis(250);
  private static final Duration RETRY_MOST = Duration.ofSeconds(4);

  private final Config config;
  private final Path data;
  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Supplier<Upstream> upstreams;

  /**
   * @param upstreams opens connections to the origin
   */
  StoreLoader(
      Config config, InstantSource clock, RandomGenerator random, Supplier<Upstream> upstreams) {
    this.config = config;
    this.data = config.data();
    this.limits = config.limits();
    this.clock = clock;
    this.random = random;
    this.upstreams = upstreams;
  }

  /**
   * Fills a new store beside the one in use, if there is one, until that has succeeded.
   *
   * @param known what the one in use goes on from, to which it never returns
   */
  void load(Lineage known) {
    Duration wait = RETRY_FIRST;
    try (Upstream upstream = upstreams.get()) {
      while (true) {
        try {
          requireNoPast(upstream, known);
          load(upstream);
          return;
        } catch (IOException e) {
          LOG.warn("no snapshot yet, trying again: {}", e.getMessage());
          pause(wait);
          wait = wait.compareTo(RETRY_MOST) < 0 ? wait.multipliedBy(2) : wait;
        }
      }
    }
  }

  /** An old origin that has come back holds what this store has left behind. */
  private void requireNoPast(Upstream upstream, Lineage known) throws IOException {
    long epoch = upstream.lineage().ancestors().getFirst().epoch();
    if (known.lastOf(epoch).isPresent()) {
      throw new IOException(
          upstream.origin()
              + " is of epoch "
              + epoch
              + ", from which another origin has gone on: give that one by --origin");
    }
  }

  private static void pause(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before there was a snapshot", e);
    }
  }

  private void load(Upstream upstream) throws IOException {
    Files.createDirectories(data);
    try (RocksStore fresh = open()) {
      load(fresh, upstream);
    } catch (GoneException e) {
      forget();
      throw e;
    }
  }

  private void load(RocksStore fresh, Upstream upstream) throws IOException {
    try (var bootstrap =
        new Bootstrap(
            fresh, upstream, limits, clock, config.selection(), StoreLoader::tellProgress)) {
      bootstrap.load();
      while (!bootstrap.isComplete()) {
        pause(bootstrap.follow());
      }
      LOG.info("loaded everything up to version {}", fresh.latest());
    }
  }

  /** The store that is being filled: one that was begun before, if it can be continued. */
  private RocksStore open() throws IOException {
    boolean begun = Files.exists(loading());
    try {
      RocksStore store = RocksStore.open(loading(), limits, clock, random);
      if (store.latest().equals(Version.NONE)) {
        LOG.info(begun ? "going on with a snapshot that broke off" : "loading a snapshot");
        return store;
      }
      store.close();
    } catch (StoreDamagedException e) {
      LOG.warn("what was loaded before is damaged: {}", e.getMessage());
    }
    forget();
    return open();
  }

  /** Throws away what has been loaded. */
  void forget() {
    try {
      delete(loading());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + loading(), e);
    }
  }

  private static void tellProgress(long entries) {
    if (entries % TOLD_EVERY == 0) {
      LOG.info("{} entries loaded", entries);
    }
  }

  /** A snapshot that was cut off is never used, but continued. */
  private Path loading() {
    return data.resolve("store.loading");
  }

  /**
   * Puts the new store in the place of the old one, which nobody has open. Killed in between, there
   * is no store, and the next start loads one.
   */
  void install() {
    Path store = Engine.store(data);
    Path old = data.resolve("store.old");
    try {
      delete(old);
      if (Files.exists(store)) {
        Files.move(store, old);
      }
      Files.move(loading(), store);
      delete(old);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + loading(), e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
