package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.store.HotStore;
import selvedge.engine.store.RocksStore;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.Limits;

/** An origin on its store in a directory, with its threads running. Opened and closed by one. */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final List<String> NAMES =
      List.of("selvedge-writer", "selvedge-sweeper", "selvedge-trimmer");

  private final RocksStore rocks;
  private final HotStore store;
  private final Origin origin;
  private final List<WorkerThread> threads = new ArrayList<>();

  public Engine(
      Path data, Limits limits, InstantSource clock, RandomGenerator random, Meter meter) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + data, e);
    }
    this.rocks = RocksStore.open(data.resolve("store"), limits, clock, random);
    this.store = new HotStore(rocks, limits);
    this.origin = new Origin(store, rocks, limits, clock, random, meter);
    List<Worker> workers = origin.workers();
    for (int i = 0; i < workers.size(); i++) {
      String name = NAMES.get(i);
      threads.add(
          new WorkerThread(
                  name, workers.get(i), e -> LOG.error("{} stopped and will not go on", name, e))
              .start());
    }
  }

  public Origin origin() {
    return origin;
  }

  RocksStore rocks() {
    return rocks;
  }

  HotStore store() {
    return store;
  }

  /** Why nothing can be written, if so. */
  Optional<String> trouble() {
    return threads.getFirst().isRunning()
        ? Optional.empty()
        : Optional.of("the writer has stopped; the log says why");
  }

  /** Stops upkeep first and the writer last, so that nobody asks one that is gone. */
  @Override
  public void close() {
    threads.reversed().forEach(WorkerThread::close);
    origin.close();
    store.close();
  }
}
