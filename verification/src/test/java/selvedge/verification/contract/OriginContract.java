package selvedge.verification.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import selvedge.engine.feed.Feed;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.Namespaces;

/** The contract of an origin on a store. */
abstract class OriginContract extends NamespacesContract {
  private final List<WorkerThread> threads = new ArrayList<>();
  private Opened opened = new Opened(List.of());

  private record Opened(List<Origin> origins) {}

  abstract Store store();

  abstract Feed feed();

  @BeforeEach
  void open() {
    var origin =
        new Origin(
            new ServedStore(store(), feed(), limits, clock),
            System::nanoTime,
            new Random(7),
            Meter.NONE);
    opened = new Opened(List.of(origin));
    for (Worker worker : origin.workers()) {
      threads.add(
          new WorkerThread(
                  "worker",
                  worker,
                  e -> {
                    throw new AssertionError(e);
                  })
              .start());
    }
  }

  @AfterEach
  void close() {
    threads.reversed().forEach(WorkerThread::close);
    opened.origins().forEach(Origin::close);
    store().close();
  }

  @Override
  Namespaces namespaces() {
    return opened.origins().getFirst();
  }
}
