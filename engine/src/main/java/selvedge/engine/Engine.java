package selvedge.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.engine.cache.HotStore;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Source;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.work.RestartingWorker;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.Limits;

/**
 * A store in a directory and who keeps it, with its threads running. Opened and closed by one.
 *
 * @param <K> who keeps the store
 */
public final class Engine<K extends StoreRole> implements AutoCloseable {
  private static final List<String> ORIGIN_THREADS =
      List.of("selvedge-writer", "selvedge-sweeper", "selvedge-trimmer");
  private static final List<String> REPLICA_THREADS =
      List.of("selvedge-follower", "selvedge-pulse", "selvedge-refresher");

  private final RocksStore rocks;
  private final HotStore store;
  private final K keeper;
  private final List<WorkerThread> threads = new ArrayList<>();

  private Engine(
      RocksStore rocks,
      Limits limits,
      List<String> names,
      boolean restarts,
      Failed failed,
      BiFunction<HotStore, RocksStore, K> keeping) {
    this.rocks = rocks;
    this.store = new HotStore(rocks, limits);
    this.keeper = keeping.apply(store, rocks);
    List<Worker> workers = keeper.workers();
    for (int i = 0; i < workers.size(); i++) {
      String name = names.get(i);
      Worker worker =
          restarts
              ? new RestartingWorker(workers.get(i), e -> failed.hear(name, e))
              : workers.get(i);
      threads.add(new WorkerThread(name, worker, e -> failed.hear(name, e)).start());
    }
  }

  /** Hears of a failed thread: an origin's will not go on, a replica's goes on after a while. */
  public interface Failed {
    void hear(String thread, Throwable failure);
  }

  /**
   * Opens what orders its writes itself.
   *
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public static Engine<Origin> origin(
      Path data,
      Limits limits,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random,
      Meter meter,
      Failed failed) {
    try {
      SyncedFiles.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + data, e);
    }
    return open(
        RocksStore.open(new StoreDirectory(data).store(), limits, clock, random),
        limits,
        ORIGIN_THREADS,
        false,
        failed,
        (store, rocks) -> new Origin(store, rocks, limits, clock, ticks, random, meter));
  }

  /**
   * Opens what follows another process, in a directory that has a store. Its threads go on after a
   * failure, later each time.
   *
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public static Engine<Replica> replica(
      Path data,
      Limits limits,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random,
      Source source,
      Selection selection,
      Replica.Watcher watcher,
      Failed failed) {
    return open(
        RocksStore.open(new StoreDirectory(data).store(), limits, clock, random),
        limits,
        REPLICA_THREADS,
        true,
        failed,
        (store, rocks) ->
            new Replica(store, rocks, limits, clock, ticks, source, selection, watcher));
  }

  private static <K extends StoreRole> Engine<K> open(
      RocksStore rocks,
      Limits limits,
      List<String> names,
      boolean restarts,
      Failed failed,
      BiFunction<HotStore, RocksStore, K> keeping) {
    try {
      return new Engine<>(rocks, limits, names, restarts, failed, keeping);
    } catch (RuntimeException e) {
      rocks.close();
      throw e;
    }
  }

  public K keeper() {
    return keeper;
  }

  public RocksStore rocks() {
    return rocks;
  }

  public HotStore store() {
    return store;
  }

  /** Why nothing changes here any more, if so. */
  public Optional<String> trouble() {
    return threads.getFirst().isRunning()
        ? Optional.empty()
        : Optional.of("the writer has stopped; the log says why");
  }

  /** Stops upkeep first and the writer last, so that nobody asks one that is gone. */
  @Override
  public void close() {
    threads.reversed().forEach(WorkerThread::close);
    keeper.close();
    store.close();
  }
}
