package selvedge.engine.edge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Relation;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Refusal;
import selvedge.engine.store.Store;
import selvedge.engine.work.ReportRate;
import selvedge.model.Change;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;

/**
 * Applies the feed of an origin to a store. It commits each batch of changes with their own
 * versions, so that it continues at the same place after a crash.
 *
 * <p>One thread steps it. Another thread may close it, which ends a waiting read.
 */
public final class Follower implements Arrivals {
  private static final Duration BETWEEN_PIECES = Duration.ofMillis(10);
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Bounds the memory of a batch, which is needed again for its frames and rows. */
  private static final long BATCH_BYTES_MAX = 16 << 20;

  /** About the size of a change without a value. */
  private static final long CHANGE_BYTES = 100;

  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(2);

  private final Store store;
  private final Limits limits;
  private final Source source;
  private final InstantSource clock;
  private final Intake intake;
  private final ArrivingValues arriving;
  private final ReportRate reports = new ReportRate();
  private final Refusal refusal = new Refusal();
  private @Nullable MessageReader reader;
  private volatile @Nullable InputStream stream;
  private volatile Connection connection;
  private volatile boolean closed;
  private boolean refused;
  private boolean gone;

  /** The changes of a commit that the intake may not have received. */
  private List<Change> unannounced = List.of();

  /** The first change of a new lineage, until the second one arrives. */
  private List<Change> begun = List.of();

  /** Whether the store may have a new lineage and not its epoch. */
  private boolean unsettled;

  /** The epoch of the origin. The store adopts it with the first change of that epoch. */
  private long originEpoch;

  private Duration retry = RETRY_FIRST;

  /**
   * The state of the connection to the origin.
   *
   * @param since the time of the last change of this state
   * @param trouble the reason why there is no connection; empty if there is one
   */
  public record Connection(boolean open, Instant since, String trouble) {}

  /** Handles the changes that arrive, on the thread that steps the follower. */
  interface Intake {

    /** Returns whether the store has the entries of a namespace. */
    boolean stores(NamespaceId namespace);

    /** Returns the changes that the store must commit. */
    List<Change> select(List<Change> changes);

    /** Receives the changes of each commit; an empty list stands for a heartbeat. */
    void applied(List<Change> changes);

    /**
     * Does a bounded piece of upkeep if any is due, and returns whether more of it is waiting. The
     * follower calls it before each read, and does not wait for the feed while more is waiting.
     */
    boolean upkeep();

    /** Receives, once, the reason why the feed can never be followed again. */
    void lost(String reason);

    /** Receives the reason why the feed cannot be followed for now, a few times in a minute. */
    default void troubled(String reason) {}

    /** Receives, once, that the store must be opened again before it accepts writes. */
    default void refused() {}
  }

  Follower(Store store, Limits limits, Source source, InstantSource clock, Intake intake) {
    this.store = store;
    this.limits = limits;
    this.source = source;
    this.clock = clock;
    this.intake = intake;
    this.arriving = new ArrivingValues(store, limits, intake::stores);
    this.connection = new Connection(false, clock.instant(), "not connected yet");
  }

  @Override
  public Connection connection() {
    return connection;
  }

  private void connected() {
    if (!connection.open()) {
      connection = new Connection(true, clock.instant(), "");
    }
  }

  private void troubled(String reason) {
    if (!reason.equals(connection.trouble())
        && reports.admits(Duration.between(Instant.EPOCH, clock.instant()))) {
      intake.troubled(reason);
    }
    Instant since = connection.open() ? clock.instant() : connection.since();
    connection = new Connection(false, since, reason);
  }

  @Override
  public Duration step() {
    if (closed || refused) {
      return RETRY_MOST;
    }
    if (refusal.lasts(store, clock.instant())) {
      refused = true;
      arriving.drop();
      intake.refused();
      return RETRY_MOST;
    }
    if (gone) {
      return stepAlone();
    }
    try {
      settle();
      announceRest();
      boolean more = intake.upkeep();
      if (reader == null) {
        reader = connect();
      } else if (!more || hasMoreArrived()) {
        follow(reader);
      } else {
        return BETWEEN_PIECES;
      }
      return Duration.ZERO;
    } catch (GoneException e) {
      gone = true;
      arriving.drop();
      String reason = reason(e);
      troubled(reason);
      disconnect();
      intake.lost(reason);
      return RETRY_MOST;
    } catch (IOException | SelvedgeException e) {
      troubled(reason(e));
      disconnect();
      Duration wait = retry;
      Duration twice = retry.multipliedBy(2);
      retry = twice.compareTo(RETRY_MOST) < 0 ? twice : RETRY_MOST;
      return wait;
    } catch (RuntimeException | Error e) {
      troubled("the follower failed and starts again: " + e);
      disconnect();
      arriving.drop();
      throw e;
    }
  }

  /** Goes on with the upkeep while another store is loaded, because that may take days. */
  private Duration stepAlone() {
    try {
      settle();
      announceRest();
      return intake.upkeep() ? BETWEEN_PIECES : RETRY_MOST;
    } catch (SelvedgeException e) {
      return RETRY_MOST;
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  private MessageReader connect() throws IOException {
    InputStream in = new BufferedInputStream(feed(), BUFFER_BYTES);
    stream = in;
    if (closed) {
      disconnect();
      throw new IOException("the replica is closing");
    }
    return new MessageReader(in, arriving::receive);
  }

  /** Opens the feed. If it is lost, the lineage of the origin decides whether a snapshot helps. */
  private InputStream feed() throws IOException {
    Descent own = Descent.of(store);
    try {
      return source.feed(own, arriving.received(own.epoch()));
    } catch (GoneException e) {
      Descent other = source.descent();
      Relation.requireNewer(own, other, source.toString());
      throw e;
    }
  }

  /**
   * Waits for a message and reads the messages that have arrived behind it. Complete messages are
   * applied even if the connection breaks behind them.
   */
  private void follow(MessageReader open) throws IOException {
    List<Change> changes = new ArrayList<>(begun);
    long before = arriving.bytes();
    try {
      gather(open, changes);
    } catch (IOException e) {
      holdBack(changes);
      if (!changes.isEmpty()) {
        commit(changes);
      }
      if (!changes.isEmpty() || arriving.bytes() != before) {
        retry = RETRY_FIRST;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      arriving.release();
      throw e;
    }
    holdBack(changes);
    commit(changes);
    connected();
    retry = RETRY_FIRST;
  }

  /** Reads changes up to a limit of their number and of their size, large values included. */
  private void gather(MessageReader open, List<Change> changes) throws IOException {
    long most = limits.get(Limit.BATCH_CHANGES);
    long bytesMost = Math.min(limits.get(Limit.BATCH_BYTES), BATCH_BYTES_MAX);
    long bytes = 0;
    do {
      switch (open.next()) {
        case Message.Changed(Change change) -> {
          requireNext(changes, change);
          changes.add(change);
          bytes += size(change);
        }
        case Message.Hello(long epoch, var _, var _) -> receivedEpoch(epoch);
        case Message.Heartbeat _ -> {}
        case Message.End(long _, String reason) ->
            throw new IOException("the feed has ended: " + reason);
        case Message.Placed _, Message.Requested _ ->
            throw new IOException("the feed must consist of changes, got another frame");
      }
    } while (changes.size() < most && bytes < bytesMost && hasMoreArrived());
  }

  /**
   * Takes the last change out if the second change of a new lineage is still to come. A store with
   * the first one alone would name the old epoch and have numbers of the new one.
   */
  private void holdBack(List<Change> changes) {
    boolean first = !changes.isEmpty() && NewLineage.isFirstOfTwo(changes.getLast(), store.epoch());
    begun = first ? List.of(changes.removeLast()) : List.of();
  }

  private void requireNext(List<Change> before, Change next) throws IOException {
    Version last = before.isEmpty() ? store.latest() : before.getLast().version();
    if (next.version().compareTo(last) <= 0) {
      throw new IOException(
          "the feed has version " + next.version() + " after version " + last + ", out of order");
    }
  }

  /** An empty store adopts the epoch at once. Any other one adopts it with a change. */
  private void receivedEpoch(long epoch) {
    originEpoch = epoch;
    if (store.latest().equals(Version.NONE) && epoch != store.epoch()) {
      store.adopt(epoch);
    }
  }

  private static long size(Change change) {
    return change.mutation() instanceof Mutation.Put put
        ? put.key().bytes().size() + put.metadata().stored().size() + put.value().length()
        : CHANGE_BYTES;
  }

  private boolean hasMoreArrived() throws IOException {
    InputStream open = stream;
    return open != null && open.available() > 0;
  }

  /**
   * Commits changes. The part of a value that follows them is dropped if the store does not get
   * them, because the source knows the value by the newest opening of the store.
   */
  private void commit(List<Change> changes) {
    unannounced = changes;
    try {
      if (!changes.isEmpty()) {
        unsettled |= changes.stream().anyMatch(NewLineage::concerns);
        store.commit(intake.select(changes));
        settle();
      }
    } catch (RuntimeException | Error e) {
      arriving.drop();
      throw e;
    } finally {
      arriving.release();
    }
    intake.applied(changes);
    unannounced = List.of();
  }

  /** Takes the epoch of a new lineage, again after a failure. */
  private void settle() {
    if (unsettled) {
      Descent.settle(store, originEpoch);
      unsettled = false;
    }
  }

  /** Announces a commit whose announcement failed. */
  private void announceRest() {
    List<Change> rest = unannounced;
    unannounced = List.of();
    if (!rest.isEmpty() && store.latest().compareTo(rest.getLast().version()) >= 0) {
      intake.applied(rest);
    }
  }

  private void disconnect() {
    reader = null;
    close(stream);
    stream = null;
    if (!begun.isEmpty()) {
      begun = List.of();
      arriving.drop();
    }
  }

  private static void close(@Nullable InputStream open) {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The thread that reads the stream receives the failure.
        return;
      }
    }
  }

  /** Ends a waiting read. */
  @Override
  public void close() {
    closed = true;
    close(stream);
  }
}
