package selvedge.server.site;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.Bootstrap;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Kinship;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Limits;
import selvedge.server.config.Config;
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
  private final StoreReplacement replacement;
  private final LineageStatus standing;
  private String last = "";

  /**
   * @param upstreams opens connections to the origin
   */
  StoreLoader(
      Config config,
      InstantSource clock,
      RandomGenerator random,
      Supplier<Upstream> upstreams,
      StoreReplacement replacement,
      LineageStatus standing) {
    this.config = config;
    this.directory = new StoreDirectory(config.data(), config.encryption());
    this.limits = config.limits();
    this.clock = clock;
    this.random = random;
    this.upstreams = upstreams;
    this.replacement = replacement;
    this.standing = standing;
  }

  /**
   * Fills a new store beside the one in use, if there is one, until that has succeeded.
   *
   * @param own the store in use, to which the new one must be an heir; null if there is none
   */
  void load(@Nullable Descent own) {
    try (Upstream upstream = upstreams.get()) {
      Duration wait = RETRY_FIRST;
      while (true) {
        try {
          load(upstream, own);
          standing.blocked("");
          return;
        } catch (IOException e) {
          wait = pauseAfter(e, wait);
        }
      }
    }
  }

  /** The same reason is logged once. */
  private Duration pauseAfter(IOException e, Duration wait) {
    String why = String.valueOf(e.getMessage());
    standing.blocked(why);
    if (!why.equals(last)) {
      LOG.warn("no snapshot yet, trying again: {}", why);
      last = why;
    }
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

  private void load(Upstream upstream, @Nullable Descent own) throws IOException {
    if (own != null) {
      Descent there = upstream.descent();
      if (Kinship.requireNewer(own, there, upstream.toString()) instanceof Relation.Forked) {
        replacement.requireRoomBeside();
      }
    }
    try (RocksStore fresh = open()) {
      load(fresh, upstream, own);
    } catch (GoneException | ForeignException e) {
      directory.forget();
      throw e;
    }
  }

  /** One loader for all attempts, because it has the beginning of a value that broke off. */
  private void load(RocksStore fresh, Upstream upstream, @Nullable Descent own) throws IOException {
    try (var bootstrap =
        new Bootstrap(
            fresh, upstream, limits, clock, config.selection(), StoreLoader::tellProgress)) {
      Duration wait = RETRY_FIRST;
      while (true) {
        try {
          load(bootstrap, own);
          requireConfigured(Descent.of(fresh).cluster());
          LOG.info("loaded everything up to version {}", fresh.latest());
          return;
        } catch (GoneException | ForeignException e) {
          throw e;
        } catch (IOException e) {
          wait = pauseAfter(e, wait);
        }
      }
    }
  }

  private static void load(Bootstrap bootstrap, @Nullable Descent own) throws IOException {
    if (!bootstrap.isLoaded()) {
      bootstrap.load(own);
    }
    while (!bootstrap.isComplete()) {
      pause(bootstrap.follow());
    }
  }

  /** A server that names no cluster is found out by what it has. */
  private void requireConfigured(ClusterId loaded) throws IOException {
    Optional<ClusterId> configured = config.cluster();
    if (configured.isPresent() && !configured.get().equals(loaded)) {
      throw new ForeignException(
          "the snapshot belongs to the cluster "
              + loaded
              + ", and cluster-id names "
              + configured.get()
              + ", so nothing is taken from it");
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
