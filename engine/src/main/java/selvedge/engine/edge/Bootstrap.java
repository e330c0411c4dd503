package selvedge.engine.edge;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Kinship;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Loading;
import selvedge.engine.store.Reached;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Change;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;

/**
 * Makes a new store what its origin is, by a snapshot. Belongs to one thread.
 *
 * <p>A snapshot that broke off is continued by a later one, from behind the last entry. Then the
 * store has entries of several versions: it is given the first of them, and the changes since bring
 * all of it up to the last, for whatever they touch they leave as it is to be.
 */
public final class Bootstrap implements AutoCloseable {
  private final RocksStore store;
  private final Source source;
  private final Selection selection;
  private final LongConsumer progress;
  private final Follower follower;
  private final ArrivingValues arriving;
  private long epoch;
  private Version newest = Version.NONE;
  private @Nullable String lost;
  private boolean loaded;

  /**
   * @param progress hears how many entries have come
   */
  public Bootstrap(
      RocksStore store,
      Source source,
      Limits limits,
      InstantSource clock,
      Selection selection,
      LongConsumer progress) {
    this.store = store;
    this.source = source;
    this.selection = selection;
    this.progress = progress;
    this.arriving = new ArrivingValues(store, limits, _ -> true);
    this.follower = new Follower(store, limits, source, clock, new Arrivals());
  }

  /**
   * Takes a snapshot, or the rest of one.
   *
   * <p>Throws a {@link GoneException} when what has come before is of no use any more.
   *
   * @param own the store in use, to which this one must be an heir; null if there is none
   */
  public void load(@Nullable Descent own) throws IOException {
    if (own != null) {
      Kinship.requireNewer(own, source.descent(), source.toString());
    }
    try (Loading loading = store.load();
        InputStream in = open(loading.reached())) {
      var reader = new MessageReader(in, (value, rest) -> arriving.take(epoch, value, rest));
      Message.Hello hello = reader.greeting();
      epoch = hello.epoch();
      fill(loading, hello, reader);
      loading.finish();
      loaded = true;
    }
  }

  private InputStream open(Optional<Reached> reached) throws IOException {
    return reached.isEmpty()
        ? source.snapshot()
        : source.snapshotBehind(reached.get().namespace(), reached.get().key(), arriving.begun());
  }

  private void fill(Loading loading, Message.Hello hello, MessageReader reader) throws IOException {
    Optional<Reached> reached = loading.reached();
    if (reached.isEmpty()) {
      loading.begin(hello.epoch(), hello.version());
    } else if (reached.get().epoch() != hello.epoch()
        || reached.get().version().compareTo(hello.version()) > 0) {
      throw new GoneException("what was loaded before belongs to another order of changes");
    }
    newest = hello.version();
    var count = new AtomicLong();
    reader.entries(
        (namespace, entry) -> {
          loading.add(namespace, entry);
          arriving.release();
          progress.accept(count.incrementAndGet());
        });
  }

  /** Whether all of the snapshot has come. */
  public boolean isLoaded() {
    return loaded;
  }

  /** Whether the store is as of one version. */
  public boolean isComplete() {
    return store.latest().compareTo(newest) >= 0;
  }

  /**
   * Brings the store closer to the newest of its entries, and returns how long to wait before the
   * next time.
   */
  public Duration follow() throws IOException {
    Duration wait = follower.step();
    if (lost != null) {
      throw new GoneException(lost);
    }
    return wait;
  }

  @Override
  public void close() {
    follower.close();
    arriving.drop();
  }

  /** What becomes of the changes since the snapshot. */
  private final class Arrivals implements Follower.Intake {
    @Override
    public boolean stores(NamespaceId namespace) {
      return selection.has(namespace);
    }

    @Override
    public List<Change> taken(List<Change> changes) {
      return selection.of(changes);
    }

    @Override
    public void applied(List<Change> changes) {}

    /** Upkeep begins when the store is complete and a replica takes it. */
    @Override
    public boolean upkeep() {
      return false;
    }

    @Override
    public void lost(String why) {
      lost = why;
    }
  }
}
