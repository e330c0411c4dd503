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
import selvedge.model.wire.Message;
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
      if (!(reader.next() instanceof Message.Hello(long _, Version version))) {
        throw new IOException("an answer that does not begin with a greeting");
      }
      Map<Key, Entry> entries = new HashMap<>();
      Message next = reader.next();
      while (next instanceof Message.Placed(var _, Entry entry)) {
        entries.put(entry.key(), entry);
        next = reader.next();
      }
      if (!(next instanceof Message.End(long count, String reason))
          || count != entries.size()
          || !reason.isEmpty()) {
        throw new IOException("an answer that does not come to its end");
      }
      frames.readAllBytes();
      return new Fetch(version, entries, reading.age());
    }
  }

  public Lookup lookup(Key key) {
    Entry entry = entries.get(key);
    return entry == null ? new Lookup.Missing(version) : new Lookup.Found(entry, version);
  }
}
