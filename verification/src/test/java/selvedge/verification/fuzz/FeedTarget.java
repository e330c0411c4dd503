package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.MessageWriter;

/**
 * Fuzzes the feed that an edge follows. The edge must have the changes up to its version, as a
 * simple map applies them, and must survive everything else.
 */
public final class FeedTarget {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final long EPOCH = 7;
  private static final List<NamespaceId> NAMESPACES =
      List.of(new NamespaceId("1".repeat(32)), new NamespaceId("2".repeat(32)));

  private FeedTarget() {}

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    int messages = data.consumeInt(1, 8);
    byte[] feed = feed(data, messages);
    var clock = new SettableClock(NOW);
    var store = new MemoryStore(EPOCH);
    var replica =
        new Replica(
            new ServedStore(store, store, LIMITS, clock),
            () -> 0,
            new OneFeed(feed),
            Selection.EVERYTHING,
            new Silent());
    Worker follower = replica.workers().getFirst();
    for (int i = 0; i < messages + 3; i++) {
      follower.step();
    }
    compare(feed, store);
    replica.close();
  }

  private static byte[] feed(FuzzedDataProvider data, int messages) {
    var out = new ByteArrayOutputStream();
    long version = 0;
    frame(data, out, new Message.Hello(EPOCH, Version.NONE));
    for (int i = 0; i < messages; i++) {
      boolean skips = data.consumeInt(0, 19) == 0;
      version = skips ? data.consumeLong(0, 10) : version + 1;
      frame(data, out, message(data, version));
    }
    if (data.consumeBoolean()) {
      frame(data, out, new Message.End(messages, "over"));
    }
    return out.toByteArray();
  }

  private static Message message(FuzzedDataProvider data, long version) {
    NamespaceId namespace = data.pickValue(NAMESPACES);
    Key key = Key.of(data.pickValue(List.of("a", "ab", "abc", "b", "\u00e9")));
    Mutation mutation =
        switch (data.consumeInt(0, 4)) {
          case 0 -> new Mutation.Delete(key);
          case 1 -> new Mutation.Clear(key.bytes());
          default ->
              new Mutation.Put(
                  key,
                  Bytes.adopt(data.consumeBytes(40)),
                  data.consumeBoolean() ? Metadata.NONE : Metadata.json("[1]"),
                  Expiry.NEVER);
        };
    return data.consumeInt(0, 9) == 0
        ? new Message.Heartbeat(new Version(version), NOW)
        : new Message.Changed(new Change(new Version(version), time(data), namespace, mutation));
  }

  /** Returns the time of a change, at times one that a wrong clock shows, or none. */
  private static Instant time(FuzzedDataProvider data) {
    return data.consumeInt(0, 9) == 0
        ? Instant.ofEpochSecond(data.consumeLong(-1L << 39, 1L << 39))
        : NOW;
  }

  /** Writes the frame. A byte that is changed usually gets a valid checksum. */
  private static void frame(FuzzedDataProvider data, ByteArrayOutputStream out, Message message) {
    var whole = new ByteArrayOutputStream();
    try {
      new MessageWriter(whole).write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] frame = whole.toByteArray();
    if (data.consumeInt(0, 9) == 0) {
      frame[data.consumeInt(0, frame.length - 1)] = data.consumeByte();
      int length = frame.length - 2 * Integer.BYTES;
      if (data.consumeInt(0, 4) > 0) {
        var crc = new CRC32C();
        crc.update(frame, Integer.BYTES, length);
        ByteBuffer.wrap(frame).putInt(Integer.BYTES + length, (int) crc.getValue());
      }
    }
    out.writeBytes(frame);
  }

  /** Applies the changes up to the version of the store to maps, and compares all entries. */
  private static void compare(byte[] feed, MemoryStore store) {
    Map<NamespaceId, Map<Bytes, Mutation.Put>> expected = new TreeMap<>();
    NAMESPACES.forEach(each -> expected.put(each, new TreeMap<>()));
    for (Change change : changes(feed)) {
      if (change.version().compareTo(store.latest()) <= 0) {
        apply(expected.computeIfAbsent(change.namespace(), _ -> new TreeMap<>()), change);
      }
    }
    expected.forEach((namespace, entries) -> compare(namespace, entries, store));
  }

  /** Returns the changes before the first fault of the feed. */
  private static List<Change> changes(byte[] feed) {
    List<Change> changes = new ArrayList<>();
    var reader = new MessageReader(Bytes.adopt(feed).open(), MessageReader.IN_MEMORY);
    Version last = Version.NONE;
    try {
      for (Message next = reader.next(); !(next instanceof Message.End); next = reader.next()) {
        if (next instanceof Message.Changed(Change change)) {
          if (change.version().compareTo(last) <= 0) {
            return changes;
          }
          last = change.version();
          changes.add(change);
        }
      }
    } catch (IOException e) {
      // The edge has not read further, either.
      return changes;
    }
    return changes;
  }

  private static void apply(Map<Bytes, Mutation.Put> entries, Change change) {
    switch (change.mutation()) {
      case Mutation.Put put -> entries.put(put.key().bytes(), put);
      case Mutation.Delete(Key key) -> entries.remove(key.bytes());
      case Mutation.Clear(Bytes prefix) ->
          entries.keySet().removeIf(key -> key.hex().startsWith(prefix.hex()));
    }
  }

  private static void compare(
      NamespaceId namespace, Map<Bytes, Mutation.Put> entries, MemoryStore store) {
    for (String name : List.of("a", "ab", "abc", "b", "\u00e9")) {
      Key key = Key.of(name);
      Mutation.Put put = entries.get(key.bytes());
      Lookup found = store.get(namespace, key);
      require(
          put == null
              ? !(found instanceof Lookup.Found)
              : found instanceof Lookup.Found(var entry, var _)
                  && entry.value().bytes().equals(put.value().bytes())
                  && entry.metadata().equals(put.metadata()),
          "the edge has " + found + " and should have " + put);
    }
  }

  private static void require(boolean condition, String failure) {
    if (!condition) {
      throw new AssertionError(failure);
    }
  }

  /** Ignores what the edge reports. */
  private static final class Silent implements Replica.Watcher {
    @Override
    public void applied(List<Change> changes) {}

    @Override
    public void lost(String reason) {}

    @Override
    public void troubled(String reason) {}
  }

  /** An origin that sends one feed, and then no more. */
  private static final class OneFeed implements Source {
    private final byte[] feed;
    private boolean sent;

    OneFeed(byte[] feed) {
      this.feed = feed;
    }

    @Override
    public InputStream feed(Descent after) throws IOException {
      if (sent) {
        throw new IOException("the feed was sent");
      }
      sent = true;
      return new ByteArrayInputStream(feed);
    }

    @Override
    public Position position() throws IOException {
      throw new IOException("no position");
    }

    @Override
    public Descent descent() throws IOException {
      throw new IOException("no status");
    }

    @Override
    public InputStream snapshot() throws IOException {
      throw new IOException("no snapshot");
    }

    @Override
    public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
      throw new IOException("no snapshot");
    }

    @Override
    public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
      throw new IOException("no entries");
    }
  }
}
