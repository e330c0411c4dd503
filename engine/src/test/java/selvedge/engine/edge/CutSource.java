package selvedge.engine.edge;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** A store as the source of a replica, behind a connection that breaks after some bytes. */
class CutSource implements Source {
  private final RocksStore origin;
  private final int bytesMost;
  private int sent;

  CutSource(RocksStore origin, int bytesMost) {
    this.origin = origin;
    this.bytesMost = bytesMost;
  }

  /** Returns how many bytes the last answer had. */
  int sent() {
    return sent;
  }

  @Override
  public InputStream snapshot() throws IOException {
    return snapshot(origin.snapshot());
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    Snapshot snapshot = origin.snapshot();
    snapshot.continueBehind(namespace, key);
    return snapshot(snapshot);
  }

  private InputStream snapshot(Snapshot open) throws IOException {
    try (Snapshot snapshot = open) {
      List<Message> messages = new ArrayList<>();
      messages.add(new Message.Hello(origin.epoch(), snapshot.version()));
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        messages.add(new Message.Placed(next.get().namespace(), next.get().entry()));
      }
      messages.add(new Message.End(messages.size() - 1, ""));
      return line(messages);
    }
  }

  @Override
  public Descent descent() {
    return Descent.of(origin);
  }

  @Override
  public InputStream feed(Descent from) throws IOException {
    Version after = from.latest();
    List<Message> messages = new ArrayList<>();
    messages.add(new Message.Hello(from.epoch(), after));
    if (!(origin.read(after, 100_000) instanceof FeedRead.Changes(List<Change> changes))) {
      throw new GoneException("trimmed");
    }
    changes.forEach(change -> messages.add(new Message.Changed(change)));
    return line(messages);
  }

  private InputStream line(List<Message> messages) throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    for (Message message : messages) {
      writer.write(message);
    }
    sent = Math.min(out.size(), bytesMost);
    return new ByteArrayInputStream(Arrays.copyOf(out.toByteArray(), sent));
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instant> trustedAt() {
    return Optional.of(origin.trustedAt());
  }

  @Override
  public Position position() {
    return new Position(origin.epoch(), origin.latest(), Duration.ZERO, origin.changedAt());
  }
}
