package selvedge.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import selvedge.engine.cache.HotStore;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Source;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.work.RestartingWorker;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;

/**
 * A store in a directory and its role, with the background threads running. Opened and closed by
 * one thread.
 *
 * @param <R> the role of the store
 */
public final class Engine<R extends StoreRole> implements AutoCloseable {
  private static final List<String> ORIGIN_THREADS =
      List.of("selvedge-writer", "selvedge-sweeper", "selvedge-trimmer");
  private static final List<String> REPLICA_THREADS =
      List.of("selvedge-follower", "selvedge-pulse", "selvedge-refresher");

  private final RocksStore rocks;
  private final HotStore store;
  private final R role;
  private final boolean ownsStore;
  private final List<WorkerThread> threads = new ArrayList<>();
  private volatile boolean closed;

  private Engine(RocksStore rocks, EngineOptions options, Function<ServedStore, R> role) {
    this.rocks = rocks;
    this.store = new HotStore(rocks, options.limits());
    this.role = role.apply(new ServedStore(store, rocks, options.limits(), options.clock()));
    this.ownsStore = true;
  }

  private Engine(RocksStore rocks, HotStore store, R role) {
    this.rocks = rocks;
    this.store = store;
    this.role = role;
    this.ownsStore = false;
  }

  /**
   * Receives the failures of background threads. A failed thread of an origin stays stopped; one of
   * a replica starts again after a while.
   */
  public interface Failures {
    void failed(String thread, Throwable failure);
  }

  /** Opens an origin. A directory without a store gets a new one. */
  public static Engine<Origin> origin(EngineOptions options, Meter meter) {
    try {
      SyncedFiles.createDirectories(options.data());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + options.data(), e);
    }
    Engine<Origin> engine =
        open(options, served -> new Origin(served, options.ticks(), options.random(), meter));
    engine.start(ORIGIN_THREADS, false, options.failures());
    return engine;
  }

  /**
   * Opens a replica in a directory that has a store. Its threads start again after a failure, later
   * each time.
   *
   * @param selection the namespaces that are replicated whole
   */
  public static Engine<Replica> replica(
      EngineOptions options, Source source, Selection selection, Replica.Watcher watcher) {
    Engine<Replica> engine =
        open(options, served -> new Replica(served, options.ticks(), source, selection, watcher));
    engine.start(REPLICA_THREADS, true, options.failures());
    return engine;
  }

  /**
   * Starts the threads of an origin whose store stays open when the engine is closed. The owner of
   * the store makes the changes of the origin durable.
   */
  public static Engine<Origin> origin(
      RocksStore rocks, HotStore store, Origin origin, Failures failures) {
    Engine<Origin> engine = new Engine<>(rocks, store, origin);
    engine.start(ORIGIN_THREADS, false, failures);
    return engine;
  }

  /** Starts the threads of a replica whose store stays open when the engine is closed. */
  public static Engine<Replica> replica(
      RocksStore rocks, HotStore store, Replica replica, Failures failures) {
    Engine<Replica> engine = new Engine<>(rocks, store, replica);
    engine.start(REPLICA_THREADS, true, failures);
    return engine;
  }

  private static <R extends StoreRole> Engine<R> open(
      EngineOptions options, Function<ServedStore, R> role) {
    RocksStore rocks =
        new StoreDirectory(options.data(), options.keys())
            .open(options.limits(), options.clock(), options.random());
    try {
      return new Engine<>(rocks, options, role);
    } catch (RuntimeException e) {
      rocks.close();
      throw e;
    }
  }

  private void start(List<String> names, boolean restarts, Failures failures) {
    List<Worker> workers = role.workers();
    for (int i = 0; i < workers.size(); i++) {
      String name = names.get(i);
      Consumer<Throwable> failed = e -> failures.failed(name, e);
      Worker worker = restarts ? new RestartingWorker(workers.get(i), failed) : workers.get(i);
      threads.add(new WorkerThread(name, worker, failed).start());
    }
  }

  /** Returns the role of the store. */
  public R role() {
    return role;
  }

  /** Returns the store on disk. */
  public RocksStore rocks() {
    return rocks;
  }

  /** Returns the store with its entries in memory. */
  public HotStore store() {
    return store;
  }

  /** Returns why the store does not change any more; empty while it does. */
  public Optional<String> trouble() {
    if (closed) {
      return Optional.of("the store is closed here, and may be opened again in another role");
    }
    return threads.getFirst().isRunning()
        ? Optional.empty()
        : Optional.of("the writer has stopped; the log says why");
  }

  /**
   * Stops the other threads before the writer, because they submit their work to it. Watches that
   * wait for changes end.
   */
  @Override
  public void close() {
    closed = true;
    threads.reversed().forEach(WorkerThread::close);
    role.close();
    role.signal().end();
    if (ownsStore) {
      store.close();
    }
  }
}
