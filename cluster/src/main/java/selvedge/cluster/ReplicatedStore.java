package selvedge.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.engine.store.VersionOrder;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Version;

/**
 * The store of the voter that leads, as its writer uses it: a commit is an entry of the log. It is
 * durable once a majority has it, and visible once this voter has applied it.
 *
 * <p>All commits that begin before a sync are one entry. One entry is under way at a time.
 */
final class ReplicatedStore implements ForwardingStore {
  /** The most bytes of changes in an entry. The log refuses entries of more than 4 MB. */
  static final int ENTRY_BYTES_MAX = 1 << 20;

  private final GuardedStore store;
  private final Leadership leadership;
  private final LongSupplier othersFree;
  private final Supplier<LogSize> keptLog;
  private final List<Round> begun = new ArrayList<>();

  /**
   * @param othersFree returns the least free disk space of the other voters, in bytes
   * @param keptLog returns how much of the log is kept
   */
  ReplicatedStore(
      GuardedStore store,
      Leadership leadership,
      LongSupplier othersFree,
      Supplier<LogSize> keptLog) {
    this.othersFree = othersFree;
    this.keptLog = keptLog;
    this.store = store;
    this.leadership = leadership;
  }

  @Override
  public Store delegate() {
    return store;
  }

  @Override
  public void commit(List<Change> changes) {
    begin(changes).complete();
  }

  @Override
  public Pending begin(List<Change> changes) {
    leadership.requireHeld();
    VersionOrder.require(begun.isEmpty() ? store.latest() : begun.getLast().last(), changes);
    var round = new Round(List.copyOf(changes));
    begun.add(round);
    return round;
  }

  /** A commit of the writer. */
  private final class Round implements Pending {
    private final List<Change> changes;
    private @Nullable Group group;

    Round(List<Change> changes) {
      this.changes = changes;
    }

    Version last() {
      return changes.getLast().version();
    }

    @Override
    public void startSync() {
      if (group == null) {
        var next = new Group(List.copyOf(begun));
        begun.forEach(each -> each.group = next);
        begun.clear();
        next.start();
      }
    }

    @Override
    public void await() {
      startSync();
      Group own = group;
      if (own != null) {
        own.await();
      }
    }

    /** Does nothing: the entry is visible once it is applied. */
    @Override
    public void finish() {}

    @Override
    public void withdraw() {
      begun.remove(this);
    }
  }

  /** The commits of one sync. They share their entries. */
  private final class Group {
    private final List<LogEntry> entries;
    private @Nullable Ticket ticket;
    private int next;
    private boolean made;
    private @Nullable RuntimeException failure;

    Group(List<Round> rounds) {
      this.entries = entries(rounds.stream().flatMap(each -> each.changes.stream()).toList());
    }

    /** Submits the first entry, and returns at once. */
    void start() {
      try {
        ticket = leadership.submit(entries.get(next++));
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    /** Waits for one entry after another. After a failure this voter writes no more in the term. */
    void await() {
      try {
        Ticket current = ticket;
        while (!made && failure == null && current != null) {
          current.await();
          made = next == entries.size();
          if (!made) {
            current = leadership.submit(entries.get(next++));
          }
        }
      } catch (RuntimeException e) {
        failure = e;
      }
      if (failure != null) {
        leadership.abdicate("a write failed");
        throw failure;
      }
    }

    private List<LogEntry> entries(List<Change> changes) {
      Bytes bytes = ChangesCodec.encode(changes);
      List<LogEntry> all = new ArrayList<>();
      int at = 0;
      while (bytes.size() - at > ENTRY_BYTES_MAX) {
        all.add(new LogEntry.Part(leadership.term(), bytes.slice(at, ENTRY_BYTES_MAX)));
        at += ENTRY_BYTES_MAX;
      }
      all.add(new LogEntry.Changes(leadership.term(), bytes.slice(at, bytes.size() - at)));
      return all;
    }
  }

  /** Returns the room of the voter that has least, because every voter needs the space. */
  @Override
  public long roomBytes() {
    return Math.min(store.roomBytes(), othersFree.getAsLong());
  }

  @Override
  public Upload upload() {
    return new ReplicatedUpload(leadership, keptLog);
  }

  /** Does nothing: the voter closes its store. */
  @Override
  public void close() {}
}
