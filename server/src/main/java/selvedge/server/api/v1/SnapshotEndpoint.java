package selvedge.server.api.v1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import selvedge.engine.feed.FeedReaders;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.form.Form;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.ValueGoneException;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.WireForm;
import selvedge.server.metrics.SnapshotEvent;

/** {@code /v1/snapshot}: all entries as of one version. Safe for use by many threads. */
public final class SnapshotEndpoint {
  private final Supplier<Snapshot> snapshots;
  private final Supplier<Descent> descent;
  private final FeedSignal signal;

  /**
   * @param signal of the feed that the reader continues with
   */
  public SnapshotEndpoint(
      Supplier<Snapshot> snapshots, Supplier<Descent> descent, FeedSignal signal) {
    this.snapshots = snapshots;
    this.descent = descent;
    this.signal = signal;
  }

  Response read(Request request) {
    ClusterGuard.require(request, descent.get());
    Query query = Query.of(request);
    Set<NamespaceId> without = without(query);
    Optional<NamespaceId> namespace = query.text("namespace").map(NamespaceId::new);
    Optional<Key> key = query.bytes("key").map(Key::new);
    if (namespace.isPresent() != key.isPresent()) {
      throw new InvalidRequestException(
          "namespace and key must both be those of the last entry that arrived");
    }
    Consumer<Snapshot> start =
        snapshot -> namespace.ifPresent(id -> snapshot.continueBehind(id, key.orElseThrow()));
    PartialValue begun = PartialValue.of(query, descent.get(), 0);
    return Response.of(
        200,
        new Body.Live(out -> write(out, without, start, begun)),
        WireForm.answered(Form.SNAPSHOT, request),
        new Response.Header(HeaderNames.CONTENT_TYPE, "application/vnd.selvedge.snapshot"),
        new Response.Header(HeaderNames.CACHE_CONTROL, "no-store"));
  }

  private static Set<NamespaceId> without(Query query) {
    return query.text("without").filter(ids -> !ids.isEmpty()).stream()
        .flatMap(ids -> Arrays.stream(ids.split(",", -1)))
        .map(NamespaceId::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void write(
      OutputStream out, Set<NamespaceId> without, Consumer<Snapshot> start, PartialValue begun)
      throws IOException {
    var writer = new MessageWriter(out);
    var event = SnapshotEvent.begun(true);
    long count = 0;
    boolean complete = false;
    try (Snapshot snapshot = snapshots.get();
        FeedReaders.Reader _ = signal.readers().open(snapshot.version())) {
      start.accept(snapshot);
      writer.write(new Message.Hello(descent.get().epoch(), snapshot.version()));
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        if (signal.isEnded()) {
          writer.write(new Message.End(count, "the server is stopping"));
          return;
        }
        if (!without.contains(next.get().namespace()) && write(writer, next.get(), begun)) {
          count++;
        }
      }
      writer.write(new Message.End(count, ""));
      complete = true;
    } finally {
      event.ended(count, complete);
    }
  }

  /**
   * Writes an entry, unless its large value was freed because it has expired since the snapshot was
   * opened; returns whether it was written. The value is opened first, so that it stays.
   */
  private static boolean write(MessageWriter writer, Snapshot.Placed placed, PartialValue begun)
      throws IOException {
    Entry entry = placed.entry();
    if (entry.value() instanceof Bytes) {
      writer.write(new Message.Placed(placed.namespace(), entry));
      return true;
    }
    try (InputStream _ = entry.value().open()) {
      begun.announce(writer, entry.version(), entry.value());
      writer.write(new Message.Placed(placed.namespace(), entry));
      return true;
    } catch (ValueGoneException e) {
      if (entry.expiry() instanceof Expiry.At) {
        return false;
      }
      throw e;
    }
  }
}
