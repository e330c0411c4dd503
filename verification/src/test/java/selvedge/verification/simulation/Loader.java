package selvedge.verification.simulation;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import selvedge.engine.edge.Bootstrap;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;

/** Fills a new store of an edge from a snapshot, step by step, as the server does. */
final class Loader {
  private static final Duration RETRY = Duration.ofMillis(250);

  private final Machine machine;
  private final StoreDirectory directory;
  private final StoreReplacement replacement;
  private final Route route;
  private final @Nullable Descent own;
  private @Nullable RocksStore fresh;
  private @Nullable Bootstrap bootstrap;
  private boolean complete;

  /**
   * Prepares to load.
   *
   * @param own the store in use, null if there is none
   */
  Loader(
      Machine machine,
      StoreDirectory directory,
      StoreReplacement replacement,
      Route route,
      @Nullable Descent own) {
    this.machine = machine;
    this.directory = directory;
    this.replacement = replacement;
    this.route = route;
    this.own = own;
  }

  boolean isReady() {
    return bootstrap == null || !bootstrap.isLoaded() || route.isReady();
  }

  boolean isComplete() {
    return complete;
  }

  /** Does a bounded piece, and returns how long to wait before the next one. */
  Duration step() {
    try {
      return load();
    } catch (GoneException | ForeignException e) {
      close();
      directory.forget();
      return RETRY;
    } catch (IOException e) {
      return RETRY;
    }
  }

  private Duration load() throws IOException {
    Bootstrap now = bootstrap == null ? begin() : bootstrap;
    if (!now.isLoaded()) {
      now.load(own, _ -> {});
    }
    Duration wait = now.isComplete() ? Duration.ZERO : now.follow();
    if (now.isComplete()) {
      close();
      complete = true;
    }
    return wait;
  }

  private Bootstrap begin() throws IOException {
    if (own != null
        && Relation.requireNewer(own, route.descent(), route.toString())
            instanceof Relation.Forked) {
      replacement.requireRoomBeside();
    }
    fresh = directory.openLoading(Machine.LIMITS, machine, machine.world.random);
    bootstrap = new Bootstrap(fresh, route, Machine.LIMITS, machine, machine.selection());
    return bootstrap;
  }

  private void close() {
    if (bootstrap != null) {
      bootstrap.close();
      bootstrap = null;
    }
    if (fresh != null) {
      fresh.close();
      fresh = null;
    }
  }
}
