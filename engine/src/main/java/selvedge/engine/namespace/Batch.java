package selvedge.engine.namespace;

import java.time.Instant;
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

/** The changes that one commit will make durable. Belongs to the writer's thread. */
public final class Batch {
  private final Store store;
  private final Instant now;
  private final long base;
  private long last;
  private final DiskSpace room;
  private final List<Change> before;
  private final List<Change> changes = new ArrayList<>();
  private long bytes;
  private boolean sealed;

  /**
   * @param base the number that the first change follows
   * @param before changes that come first and that the store does not show yet
   */
  public Batch(Store store, Instant now, long base, DiskSpace room, List<Change> before) {
    this.store = store;
    this.now = now;
    this.base = base;
    this.last = base;
    this.room = room;
    this.before = before;
  }

  /** The moment of decision, the same for every job of the batch. */
  public Instant now() {
    return now;
  }

  /** Returns the entry that is in place once all changes so far have happened, unless expired. */
  public Optional<Entry> find(NamespaceId namespace, Key key) {
    @Nullable Change last = last(changes, namespace, key);
    if (last == null) {
      last = last(before, namespace, key);
    }
    Optional<Entry> found = last == null ? stored(namespace, key) : left(last);
    return found.filter(entry -> !entry.expiry().hasPassed(now));
  }

  /** The last of the changes that touches the key, if one does. */
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

  private static Optional<Entry> left(Change change) {
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

  /** Deletes are taken even when the disk is short: they are how it gets room again. */
  public Version add(NamespaceId namespace, Mutation mutation) {
    if (mutation instanceof Mutation.Put) {
      room.require(now);
    }
    var version = new Version(++last);
    changes.add(new Change(version, now, namespace, mutation));
    if (mutation instanceof Mutation.Put put && put.value() instanceof Bytes inline) {
      bytes += inline.length();
    }
    return version;
  }

  /** The number of the last change so far, or the one that the first change follows. */
  public long last() {
    return last;
  }

  /** Leaves out the numbers before that version, which the next change gets. */
  public void leap(Version next) {
    last = Math.max(last, next.number() - 1);
  }

  /** Lets no further job in, so that the next one sees what this one decided in the catalog. */
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

  /** About how much the changes take of the disk. */
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
