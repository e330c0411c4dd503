package selvedge.engine.edge;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/**
 * An origin without changes, as far as a replica is: each feed is a greeting and a heartbeat.
 *
 * @param store of the replica
 * @param clock of the origin
 */
record QuietOrigin(Store store, InstantSource clock) implements Source {
  @Override
  public Descent descent() {
    return Descent.of(store);
  }

  @Override
  public InputStream feed(Descent after) throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    writer.write(new Message.Hello(after.epoch(), after.latest()));
    writer.write(new Message.Heartbeat(after.latest(), clock.instant()));
    return new ByteArrayInputStream(out.toByteArray());
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
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Position position() {
    return new Position(1, store.latest(), Duration.ZERO, clock.instant());
  }
}
