package selvedge.server;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.StoreDirectory;
import selvedge.engine.origin.Bootstrap;
import selvedge.engine.origin.Lineage;
import selvedge.engine.replication.GoneException;
import selvedge.engine.store.RocksStore;
import selvedge.model.Limits;
import selvedge.server.edge.Upstream;

/** Gets an edge its store: from a snapshot, beside the one in use. Used by one thread at a time. */
final class StoreLoader {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLoader.class);
  private static final long TOLD_EVERY = 100_000;
  private static final Duration RETRY_FIRST = Duration.ofMillis(250);
  private static final Duration RETRY_MOST = Duration.ofSeconds(4);

  private final Config config;
  private final StoreDirectory directory;
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
    this.directory = new StoreDirectory(config.data());
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
    try (Upstream upstream = upstreams.get()) {
      Duration wait = RETRY_FIRST;
      while (true) {
        try {
          load(upstream, known);
          return;
        } catch (GoneException e) {
          wait = pauseAfter(e, wait);
        }
      }
    }
  }

  private static Duration pauseAfter(IOException e, Duration wait) {
    LOG.warn("no snapshot yet, trying again: {}", e.getMessage());
    pause(wait);
    return wait.compareTo(RETRY_MOST) < 0 ? wait.multipliedBy(2) : wait;
  }

  private static void pause(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before there was a snapshot", e);
    }
  }

  private void load(Upstream upstream, Lineage known) throws GoneException {
    try (RocksStore fresh = open()) {
      load(fresh, upstream, known);
    } catch (GoneException e) {
      directory.forget();
      throw e;
    }
  }

  /** One loader for all attempts, because it has the beginning of a value that broke off. */
  private void load(RocksStore fresh, Upstream upstream, Lineage known) throws GoneException {
    try (var bootstrap =
        new Bootstrap(
            fresh, upstream, limits, clock, config.selection(), StoreLoader::tellProgress)) {
      Duration wait = RETRY_FIRST;
      while (true) {
        try {
          load(bootstrap, known);
          LOG.info("loaded everything up to version {}", fresh.latest());
          return;
        } catch (GoneException e) {
          throw e;
        } catch (IOException e) {
          wait = pauseAfter(e, wait);
        }
      }
    }
  }

  private static void load(Bootstrap bootstrap, Lineage known) throws IOException {
    if (!bootstrap.isLoaded()) {
      bootstrap.load(known);
    }
    while (!bootstrap.isComplete()) {
      pause(bootstrap.follow());
    }
  }

  private RocksStore open() {
    LOG.info(
        directory.isLoading() ? "going on with a snapshot that broke off" : "loading a snapshot");
    return directory.openLoading(limits, clock, random);
  }

  private static void tellProgress(long entries) {
    if (entries % TOLD_EVERY == 0) {
      LOG.info("{} entries loaded", entries);
    }
  }
}
