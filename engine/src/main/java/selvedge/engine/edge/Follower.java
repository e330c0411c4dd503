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
import selvedge.engine.replication.Kinship;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
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
 * Moves a store forward by the feed of its origin: each batch of changes in one commit, with their
 * own versions, so that a crash at any point goes on from where it was.
 *
 * <p>One thread steps it; another may close it, which ends a read that waits.
 */
public final class Follower implements Worker {
  private static final Duration BETWEEN_PIECES = Duration.ofMillis(10);
  private static final int BUFFER_BYTES = 64 * 1024;

  /** A batch is held in memory once, and its frames and rows for a moment as well. */
  private static final long BATCH_BYTES_MAX = 16 << 20;

  /** About what a change without a value takes. */
  private static final long CHANGE_BYTES = 100;

  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(2);

  private final Store store;
  private final Limits limits;
  private final Source source;
  private final InstantSource clock;
  private final Intake intake;
  private final ArrivingValues arriving;
  private @Nullable MessageReader reader;
  private volatile @Nullable InputStream stream;
  private volatile Connection connection;
  private volatile boolean closed;
  private boolean gone;

  /** Changes of a commit that the intake may not know of. */
  private List<Change> unapplied = List.of();

  /** The epoch of the origin, which the store takes with the change that begins it. */
  private long announced;

  private Duration retry = RETRY_FIRST;

  /**
   * How it stands with the origin.
   *
   * @param trouble why there is no connection; empty when there is one
   */
  public record Connection(boolean open, Instant since, String trouble) {}

  /** Takes what arrives, on the thread that steps the follower. */
  interface Intake {

    /** Whether the store is to have the entries of a namespace. */
    boolean stores(NamespaceId namespace);

    /** Returns what the store is to have of the changes. */
    List<Change> taken(List<Change> changes);

    /** Hears of each commit, and with no changes of each sign of life. */
    void applied(List<Change> changes);

    /**
     * Does a bounded piece of upkeep if any is due, and returns whether more of it is waiting. The
     * follower calls it before each read, and does not wait for the feed while more is waiting.
     */
    boolean upkeep();

    /** Hears why the feed can never be followed again, once. */
    void lost(String why);

    /** Hears why the feed cannot be followed for now, whenever that is another reason. */
    default void troubled(String why) {}
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

  Connection connection() {
    return connection;
  }

  private void connected() {
    if (!connection.open()) {
      connection = new Connection(true, clock.instant(), "");
    }
  }

  private void troubled(String why) {
    if (!why.equals(connection.trouble())) {
      intake.troubled(why);
    }
    Instant since = connection.open() ? clock.instant() : connection.since();
    connection = new Connection(false, since, why);
  }

  @Override
  public Duration step() {
    if (closed || gone) {
      return RETRY_MOST;
    }
    try {
      applyRest();
      boolean more = intake.upkeep();
      if (reader == null) {
        reader = connect();
      } else if (!more || isMoreThere()) {
        follow(reader);
      } else {
        return BETWEEN_PIECES;
      }
      return Duration.ZERO;
    } catch (GoneException e) {
      gone = true;
      arriving.drop();
      String why = reason(e);
      troubled(why);
      disconnect();
      intake.lost(why);
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
    return new MessageReader(in, (value, rest) -> arriving.take(store.epoch(), value, rest));
  }

  /** Where the origin leads no further, its lineage says whether a snapshot does. */
  private InputStream feed() throws IOException {
    Descent here = Descent.of(store);
    try {
      return source.feed(here, arriving.begun());
    } catch (GoneException e) {
      Descent there = source.descent();
      Kinship.requireNewer(here, there, source.toString());
      throw e;
    }
  }

  /**
   * Waits for a message, and takes with it what has arrived behind it. What has come whole counts,
   * also where the line breaks behind it.
   */
  private void follow(MessageReader open) throws IOException {
    List<Change> changes = new ArrayList<>();
    Source.Begun before = arriving.begun();
    try {
      gather(open, changes);
    } catch (IOException e) {
      if (!changes.isEmpty()) {
        commit(changes);
      }
      if (!changes.isEmpty() || !arriving.begun().equals(before)) {
        retry = RETRY_FIRST;
      }
      throw e;
    } catch (RuntimeException | Error e) {
      arriving.release();
      throw e;
    }
    commit(changes);
    connected();
    retry = RETRY_FIRST;
  }

  /** Bounded by the number of changes and by their size, of large values too. */
  private void gather(MessageReader open, List<Change> changes) throws IOException {
    long most = limits.get(Limit.BATCH_CHANGES);
    long bytesMost = Math.min(limits.get(Limit.BATCH_BYTES), BATCH_BYTES_MAX);
    long bytes = 0;
    do {
      switch (open.next()) {
        case Message.Changed(Change change) -> {
          changes.add(change);
          bytes += size(change);
        }
        case Message.Hello(long epoch, var _) -> announced(epoch);
        case Message.Heartbeat _ -> {}
        case Message.End(long _, String reason) ->
            throw new IOException("the feed has ended: " + reason);
        case Message.Placed _ -> throw new IOException("an entry does not belong into a feed");
      }
    } while (changes.size() < most && bytes < bytesMost && isMoreThere());
  }

  /** A store without changes has no past; any other one takes an epoch with its first change. */
  private void announced(long epoch) {
    announced = epoch;
    if (store.latest().equals(Version.NONE) && epoch != store.epoch()) {
      store.adopt(epoch);
    }
  }

  private static long size(Change change) {
    return change.mutation() instanceof Mutation.Put put
        ? put.key().bytes().size() + put.metadata().stored().size() + put.value().length()
        : CHANGE_BYTES;
  }

  private boolean isMoreThere() throws IOException {
    InputStream open = stream;
    return open != null && open.available() > 0;
  }

  private void commit(List<Change> changes) {
    unapplied = changes;
    try {
      if (!changes.isEmpty()) {
        store.commit(intake.taken(changes));
        if (changes.stream().anyMatch(NewLineage::concerns)) {
          Descent.settle(store, announced);
        }
      }
    } finally {
      arriving.release();
    }
    intake.applied(changes);
    unapplied = List.of();
  }

  /** After a failure between a commit and its announcement, the announcement is made up for. */
  private void applyRest() {
    List<Change> rest = unapplied;
    unapplied = List.of();
    if (!rest.isEmpty() && store.latest().compareTo(rest.getLast().version()) >= 0) {
      intake.applied(rest);
    }
  }

  private void disconnect() {
    reader = null;
    close(stream);
    stream = null;
  }

  private static void close(@Nullable InputStream open) {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Whoever reads it notices.
        return;
      }
    }
  }

  /** Ends a read that waits. */
  void close() {
    closed = true;
    close(stream);
  }
}
