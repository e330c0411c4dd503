package selvedge.engine.edge;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Relation;
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
 * Fills a new store from a snapshot of its origin. Belongs to one thread.
 *
 * <p>An interrupted snapshot is continued by a later one, behind the last entry. Then the store has
 * entries of several versions. It gets the oldest of these versions, and the feed brings it up to
 * the newest. A change that an entry already contains has no effect. So the later snapshot must
 * have all changes of the earlier one: a server that a power cut or an older directory has set back
 * cannot continue it.
 */
public final class Bootstrap implements AutoCloseable {
  private final RocksStore store;
  private final Source source;
  private final InstantSource clock;
  private final Selection selection;
  private final Follower follower;
  private final ArrivingValues arriving;
  private Version newest = Version.NONE;
  private @Nullable String lostReason;
  private boolean loaded;

  public Bootstrap(
      RocksStore store, Source source, Limits limits, InstantSource clock, Selection selection) {
    this.store = store;
    this.source = source;
    this.clock = clock;
    this.selection = selection;
    this.arriving = new ArrivingValues(store, limits, _ -> true);
    this.follower = new Follower(store, limits, source, clock, new FeedIntake());
  }

  /**
   * Loads a snapshot, or the rest of one.
   *
   * <p>Throws a {@link GoneException} if the loaded part cannot be continued.
   *
   * @param own the lineage of the store in use, from which this one must descend; null if there is
   *     none
   * @param progress receives the number of entries so far
   */
  public void load(@Nullable Descent own, LongConsumer progress) throws IOException {
    try (Loading loading = store.load()) {
      Descent other = source.descent();
      if (own != null) {
        requireNewer(own, other);
      }
      Instant at = time();
      load(loading, loading.reached(), other.openings().newest(), progress);
      loading.finish(at);
      loaded = true;
    }
  }

  /**
   * Returns the earlier one of the time here and the one that the source trusts. The clock is
   * compared with it at the next start, and one that is ahead must not vouch for itself, even if
   * that of the source is ahead too. A store records only times after 1970.
   */
  private Instant time() throws IOException {
    Instant here = clock.instant();
    return source
        .trustedAt()
        .filter(there -> there.isBefore(here) && there.isAfter(Instant.EPOCH))
        .orElse(here);
  }

  private void load(Loading loading, Optional<Reached> earlier, long opening, LongConsumer progress)
      throws IOException {
    try (InputStream in = open(earlier)) {
      var reader = new MessageReader(in, arriving::receive);
      Message.Hello hello = reader.greeting();
      if (earlier.isEmpty()) {
        loading.begin(hello.epoch(), opening, hello.version());
      } else {
        require(earlier.get(), hello, source.descent());
        loading.continueWith(opening, hello.version());
      }
      newest = hello.version();
      fill(loading, reader, progress);
    }
  }

  /**
   * Requires a source that is not behind. One with other changes of the same epoch was started with
   * an older directory; asked for its changes, it begins a new lineage.
   */
  private void requireNewer(Descent own, Descent other) throws IOException {
    Relation relation = Relation.requireNewer(own, other, source.toString());
    if (relation instanceof Relation.Forked && own.epoch() == other.epoch()) {
      source.feed(own).close();
    }
  }

  private InputStream open(Optional<Reached> reached) throws IOException {
    return reached.isEmpty()
        ? source.snapshot()
        : source.snapshotBehind(
            reached.get().namespace(),
            reached.get().key(),
            arriving.received(reached.get().epoch()));
  }

  /** Requires that a snapshot has all that an earlier one has brought. */
  private static void require(Reached reached, Message.Hello hello, Descent now)
      throws GoneException {
    if (reached.epoch() != hello.epoch()
        || reached.newest().compareTo(hello.version()) > 0
        || !now.has(reached.epoch(), reached.opening(), reached.newest())) {
      throw new GoneException("the loaded part belongs to another order of changes");
    }
  }

  private void fill(Loading loading, MessageReader reader, LongConsumer progress)
      throws IOException {
    var count = new AtomicLong();
    reader.entries(
        (namespace, entry) -> {
          loading.add(namespace, entry);
          arriving.release();
          progress.accept(count.incrementAndGet());
        });
  }

  /** Returns whether the whole snapshot has been loaded. */
  public boolean isLoaded() {
    return loaded;
  }

  /** Returns whether all entries of the store are of one version. */
  public boolean isComplete() {
    return store.latest().compareTo(newest) >= 0;
  }

  /**
   * Applies changes that follow the oldest entry, and returns how long to wait before the next
   * call.
   */
  public Duration follow() throws IOException {
    Duration wait = follower.step();
    if (lostReason != null) {
      throw new GoneException(lostReason);
    }
    return wait;
  }

  @Override
  public void close() {
    follower.close();
    arriving.drop();
  }

  /** Handles the changes since the snapshot. */
  private final class FeedIntake implements Follower.Intake {
    @Override
    public boolean stores(NamespaceId namespace) {
      return selection.has(namespace);
    }

    @Override
    public List<Change> select(List<Change> changes) {
      return selection.of(changes);
    }

    @Override
    public void applied(List<Change> changes) {}

    /** Does nothing: upkeep starts with the replica that uses the complete store. */
    @Override
    public boolean upkeep() {
      return false;
    }

    @Override
    public void lost(String reason) {
      lostReason = reason;
    }
  }
}
