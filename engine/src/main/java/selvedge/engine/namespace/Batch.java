package selvedge.engine.namespace;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Store;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The changes of one commit, while jobs add to them. Belongs to the thread that writes. */
public final class Batch {
  private final Store store;
  private final InstantSource clock;
  private Instant now;
  private final long base;
  private long last;
  private final DiskSpace diskSpace;
  private final List<Change> before;
  private final List<Change> changes = new ArrayList<>();
  private long bytes;
  private boolean sealed;

  /**
   * @param base the number before that of the first change
   * @param before earlier changes that are not visible in the store yet
   */
  public Batch(
      Store store, InstantSource clock, long base, DiskSpace diskSpace, List<Change> before) {
    this.store = store;
    this.clock = clock;
    this.now = clock.instant();
    this.base = base;
    this.last = base;
    this.diskSpace = diskSpace;
    this.before = before;
  }

  /** Returns the time at which the current job is decided. */
  public Instant now() {
    return now;
  }

  /** Begins the decision of the next job, at the present time. */
  public void beginJob() {
    now = clock.instant();
  }

  /** Returns the entry as it is after all changes so far; empty if it is missing or expired. */
  public Optional<Entry> find(NamespaceId namespace, Key key) {
    @Nullable Change last = last(changes, namespace, key);
    if (last == null) {
      last = last(before, namespace, key);
    }
    Optional<Entry> found = last == null ? stored(namespace, key) : entryOf(last);
    return found.filter(entry -> !entry.expiry().hasPassed(now));
  }

  /** Returns the last change of the key; null if there is none. */
  private static @Nullable Change last(List<Change> changes, NamespaceId namespace, Key key) {
    for (Change change : changes.reversed()) {
      boolean touches =
          switch (change.mutation()) {
            case Mutation.Put put -> put.key().equals(key);
            case Mutation.Delete delete -> delete.key().equals(key);
            case Mutation.Clear clear -> key.bytes().startsWith(clear.prefix());
          };
      if (touches && change.namespace().equals(namespace)) {
        return change;
      }
    }
    return null;
  }

  private static Optional<Entry> entryOf(Change change) {
    return change.mutation() instanceof Mutation.Put put
        ? Optional.of(
            new Entry(put.key(), put.value(), put.metadata(), put.expiry(), change.version()))
        : Optional.empty();
  }

  private Optional<Entry> stored(NamespaceId namespace, Key key) {
    return store.get(namespace, key) instanceof Lookup.Found found
        ? Optional.of(found.entry())
        : Optional.empty();
  }

  /**
   * Adds a change and returns its version. The time to live of a put begins at the time of the job.
   * A put throws if the disk has no space for it. A delete is always accepted, because it frees
   * space.
   */
  public Version add(NamespaceId namespace, Mutation mutation) {
    Mutation decided = mutation;
    if (mutation instanceof Mutation.Put put) {
      if (!namespace.equals(NamespaceId.SYSTEM)) {
        diskSpace.require(now);
      }
      decided = put.decidedAt(now);
    }
    var version = new Version(++last);
    changes.add(new Change(version, now, namespace, decided));
    if (mutation instanceof Mutation.Put put && put.value() instanceof Bytes inline) {
      bytes += inline.length();
    }
    return version;
  }

  /** Returns the number of the last change so far, or the base of an empty batch. */
  public long last() {
    return last;
  }

  /** Skips the numbers before the version, which the next change gets. */
  public void skipTo(Version next) {
    last = Math.max(last, next.number() - 1);
  }

  /** Accepts no further job, so that the next one sees the changes of this batch in the catalog. */
  public void seal() {
    sealed = true;
  }

  public boolean takesMore(long changesMax, long bytesMax) {
    return !sealed && changes.size() < changesMax && bytes < bytesMax;
  }

  public boolean isSealed() {
    return sealed;
  }

  public int size() {
    return changes.size();
  }

  /** Returns about how many bytes of disk the changes take. */
  public long bytes() {
    return bytes;
  }

  /** Takes back all changes after the first {@code size}. */
  public void rollBack(int size) {
    changes.subList(size, changes.size()).clear();
    last = changes.isEmpty() ? base : changes.getLast().version().number();
  }

  public List<Change> changes() {
    return changes;
  }
}
