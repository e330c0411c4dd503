package selvedge.engine.replication;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.MessageReader;

/**
 * The entries of some keys at another server.
 *
 * @param version the version as of which all entries are
 * @param age how long before the request the server had every change; empty if that is not known
 * @param opening the newest opening of the server; 0 if that is not known
 */
public record Fetch(
    Version version, Map<Key, Entry> entries, Optional<Duration> age, long opening) {

  /** Reads the entries of the keys from a source, as of a change or later. */
  public static Fetch of(Source source, NamespaceId namespace, List<Key> keys, Source.Least least)
      throws IOException {
    Source.Reading reading = source.read(namespace, keys, least);
    try (var frames = reading.frames()) {
      var reader =
          new MessageReader(
              frames,
              (_, _, _) -> {
                throw new IOException("a value that is too large to be held");
              });
      Version version = reader.greeting().version();
      Map<Key, Entry> entries = new HashMap<>();
      reader.entries(
          (_, entry) -> {
            if (entries.put(entry.key(), entry) != null) {
              throw new IOException("the same key twice: " + entry.key());
            }
          });
      frames.readAllBytes();
      return new Fetch(version, entries, reading.age(), reading.opening());
    }
  }

  /** Returns the entry of a key, or that it has none. */
  public Lookup lookup(Key key) {
    Entry entry = entries.get(key);
    return entry == null ? new Lookup.Missing(version) : new Lookup.Found(entry, version);
  }
}
