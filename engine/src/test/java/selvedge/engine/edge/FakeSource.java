package selvedge.engine.edge;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** An origin that answers reads of keys, and can be unreachable or slow. Safe for many threads. */
final class FakeSource implements Source {
  private final Map<Key, Entry> entries = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
  private final List<List<String>> reads = new ArrayList<>();
  private final List<Least> required = new ArrayList<>();
  private long version;
  private long opening;
  private boolean unreachable;
  private volatile @Nullable CountDownLatch gate;

  public synchronized void put(String key, String value) {
    version++;
    entries.put(
        Key.of(key),
        new Entry(
            Key.of(key), Bytes.utf8(value), Metadata.NONE, Expiry.NEVER, new Version(version)));
  }

  /** Names an opening in each answer from now on. */
  public synchronized void open(long id) {
    opening = id;
  }

  public synchronized void disconnect() {
    unreachable = true;
  }

  public synchronized void reconnect() {
    unreachable = false;
  }

  /** Delays the answers to later reads until the returned gate is open. */
  public CountDownLatch closeGate() {
    var closed = new CountDownLatch(1);
    gate = closed;
    return closed;
  }

  /** Returns the keys of each read so far. */
  public synchronized List<List<String>> reads() {
    return List.copyOf(reads);
  }

  /** Returns the newest change that each read so far has named. */
  public synchronized List<Least> required() {
    return List.copyOf(required);
  }

  private synchronized void require(Least least) {
    required.add(least);
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
    require(least);
    Reading reading = answer(namespace, keys);
    CountDownLatch closed = gate;
    try {
      if (closed != null) {
        closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return reading;
  }

  private synchronized Reading answer(NamespaceId namespace, List<Key> keys) throws IOException {
    reads.add(keys.stream().map(Key::name).toList());
    if (unreachable) {
      throw new IOException("the origin is unreachable");
    }
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    writer.write(new Message.Hello(1, new Version(version)));
    long count = 0;
    for (Key key : keys) {
      Entry entry = entries.get(key);
      if (entry != null) {
        writer.write(new Message.Placed(namespace, entry));
        count++;
      }
    }
    writer.write(new Message.End(count, ""));
    return new Reading(
        new ByteArrayInputStream(out.toByteArray()), Optional.of(Duration.ZERO), opening);
  }

  @Override
  public InputStream feed(Descent after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Descent descent() {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputStream snapshot() {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Position position() {
    throw new UnsupportedOperationException();
  }
}
