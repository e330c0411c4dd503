package selvedge.verification.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** What the origin has decided, and what follows from it for everybody else. */
final class History {
  private final World world;
  private final TreeMap<Version, Map<Key, Entry>> states = new TreeMap<>();
  private final TreeMap<Long, Version> acknowledged = new TreeMap<>();

  History(World world) {
    this.world = world;
    states.put(Version.NONE, Map.of());
  }

  /** These changes are on the origin's disk. */
  void durable(List<Change> changes) {
    for (Change change : changes) {
      Map<Key, Entry> next = new HashMap<>(states.lastEntry().getValue());
      if (!change.namespace().equals(NamespaceId.SYSTEM)) {
        apply(change, next);
      }
      states.put(change.version(), next);
    }
  }

  private static void apply(Change change, Map<Key, Entry> state) {
    switch (change.mutation()) {
      case Mutation.Put(var key, var value, var metadata, var expiry) ->
          state.put(key, new Entry(key, value, metadata, expiry, change.version()));
      case Mutation.Delete(var key) -> state.remove(key);
      case Mutation.Clear(var prefix) ->
          state.keySet().removeIf(key -> key.bytes().startsWith(prefix));
    }
  }

  /** A client has been told of this version. */
  void acknowledge(Version version) {
    Version most = newestAcknowledged();
    acknowledged.put(world.now(), version.compareTo(most) > 0 ? version : most);
  }

  Version newestAcknowledged() {
    return acknowledged.isEmpty() ? Version.NONE : acknowledged.lastEntry().getValue();
  }

  /** What clients knew of at that time. */
  Version acknowledgedBy(long time) {
    Map.Entry<Long, Version> found = acknowledged.floorEntry(time);
    return found == null ? Version.NONE : found.getValue();
  }

  /** Everything as of a version that the origin has made. */
  Map<Key, Entry> at(Version version) {
    Map<Key, Entry> state = states.get(version);
    if (state == null) {
      throw new Violation("nobody has made version " + version);
    }
    return state;
  }
}
