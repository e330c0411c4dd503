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
 * What some keys held elsewhere.
 *
 * @param version as of which all of it is
 * @param age how long before it was asked for this was all there was; empty if nobody knows
 */
public record Fetch(Version version, Map<Key, Entry> entries, Optional<Duration> age) {

  /** Asks for what keys hold as of a version, or later. */
  public static Fetch of(Source source, NamespaceId namespace, List<Key> keys, Version least)
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
      return new Fetch(version, entries, reading.age());
    }
  }

  public Lookup lookup(Key key) {
    Entry entry = entries.get(key);
    return entry == null ? new Lookup.Missing(version) : new Lookup.Found(entry, version);
  }
}
