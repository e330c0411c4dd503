package selvedge.engine.origin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
final class Batch {
  private final Store store;
  private final Instant now;
  private final long base;
  private final Room room;
  private final List<Change> changes = new ArrayList<>();
  private long bytes;
  private boolean sealed;

  /**
   * @param base the number that the first change follows
   */
  Batch(Store store, Instant now, long base, Room room) {
    this.store = store;
    this.now = now;
    this.base = base;
    this.room = room;
  }

  /** The moment of decision, the same for every job of the batch. */
  Instant now() {
    return now;
  }

  /** Returns the entry that is in place once all changes so far have happened, unless expired. */
  Optional<Entry> find(NamespaceId namespace, Key key) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      if (change.namespace().equals(namespace)) {
        switch (change.mutation()) {
          case Mutation.Put put when put.key().equals(key) -> {
            return Optional.of(entry(put, change.version()));
          }
          case Mutation.Delete delete when delete.key().equals(key) -> {
            return Optional.empty();
          }
          case Mutation.Clear clear when key.bytes().startsWith(clear.prefix()) -> {
            return Optional.empty();
          }
          case Mutation _ -> {}
        }
      }
    }
    return switch (store.get(namespace, key)) {
      case Lookup.Found found when !found.entry().expiry().hasPassed(now) ->
          Optional.of(found.entry());
      case Lookup _ -> Optional.empty();
    };
  }

  /** Deletes are taken even when the disk is short: they are how it gets room again. */
  Version add(NamespaceId namespace, Mutation mutation) {
    if (mutation instanceof Mutation.Put) {
      room.require(now);
    }
    var version = new Version(base + changes.size() + 1);
    changes.add(new Change(version, now, namespace, mutation));
    if (mutation instanceof Mutation.Put put && put.value() instanceof Bytes inline) {
      bytes += inline.length();
    }
    return version;
  }

  /** Lets no further job in, so that the next one sees what this one decided in the catalog. */
  void seal() {
    sealed = true;
  }

  boolean takesMore(long changesMax, long bytesMax) {
    return !sealed && changes.size() < changesMax && bytes < bytesMax;
  }

  int size() {
    return changes.size();
  }

  /** Takes back all changes after the first {@code size}. */
  void rollBack(int size) {
    changes.subList(size, changes.size()).clear();
  }

  List<Change> changes() {
    return changes;
  }

  private static Entry entry(Mutation.Put put, Version version) {
    return new Entry(put.key(), put.value(), put.metadata(), put.expiry(), version);
  }
}
