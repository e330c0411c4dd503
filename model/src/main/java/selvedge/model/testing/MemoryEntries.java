package selvedge.model.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Page;
import selvedge.model.Value;
import selvedge.model.Version;

/** Sorted entries to which changes are applied. Guarded by the monitor of its owner. */
final class MemoryEntries {
  private final TreeMap<Bytes, Entry> entries = new TreeMap<>();
  private Version latest = Version.NONE;

  Version latest() {
    return latest;
  }

  void apply(Change change) {
    latest = change.version();
    switch (change.mutation()) {
      case Mutation.Put(Key key, Value value, Metadata metadata, Expiry expiry, var ignored) ->
          entries.put(key.bytes(), new Entry(key, value.bytes(), metadata, expiry, latest));
      case Mutation.Delete(Key key) -> entries.remove(key.bytes());
      case Mutation.Clear(Bytes prefix) -> entries.keySet().removeIf(key -> key.startsWith(prefix));
    }
  }

  Optional<Entry> find(Key key, Instant now) {
    return Optional.ofNullable(entries.get(key.bytes()))
        .filter(entry -> !entry.expiry().hasPassed(now));
  }

  Lookup get(Key key, Instant now) {
    Optional<Entry> entry = find(key, now);
    return entry.isPresent() ? new Lookup.Found(entry.get(), latest) : new Lookup.Missing(latest);
  }

  Page list(Listing listing, Instant now) {
    List<Listed> listed = new ArrayList<>();
    Bytes from = listing.from().compareTo(listing.prefix()) > 0 ? listing.from() : listing.prefix();
    for (Map.Entry<Bytes, Entry> next : entries.tailMap(from, true).entrySet()) {
      if (!next.getKey().startsWith(listing.prefix())) {
        break;
      }
      Entry entry = next.getValue();
      if (!entry.expiry().hasPassed(now)) {
        if (listed.size() == listing.limit()) {
          return new Page(listed, false);
        }
        listed.add(
            new Listed(
                entry.key(),
                entry.metadata(),
                entry.expiry(),
                entry.version(),
                entry.value().length()));
      }
    }
    return new Page(listed, true);
  }

  long count(Bytes prefix, Instant now) {
    return entries.values().stream()
        .filter(entry -> entry.key().bytes().startsWith(prefix))
        .filter(entry -> !entry.expiry().hasPassed(now))
        .count();
  }

  void clear() {
    entries.clear();
  }
}
