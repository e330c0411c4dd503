package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import selvedge.engine.replication.Message;
import selvedge.engine.replication.MessageWriter;
import selvedge.engine.store.Snapshot;
import selvedge.model.NamespaceId;
import selvedge.server.api.Body;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** {@code /v1/snapshot}: everything as of one version. Safe for use by many threads. */
public final class SnapshotEndpoint {
  private final Supplier<Snapshot> snapshots;
  private final LongSupplier epoch;
  private final BooleanSupplier ended;

  /**
   * @param ended whether the server is stopping
   */
  public SnapshotEndpoint(Supplier<Snapshot> snapshots, LongSupplier epoch, BooleanSupplier ended) {
    this.snapshots = snapshots;
    this.epoch = epoch;
    this.ended = ended;
  }

  Response read(Request request) {
    Set<NamespaceId> without = without(request);
    return Response.of(
        200,
        new Body.Live(out -> write(out, without)),
        new Response.Header("Content-Type", "application/vnd.selvedge.snapshot"),
        new Response.Header("Cache-Control", "no-store"));
  }

  private static Set<NamespaceId> without(Request request) {
    return Query.of(request).text("without").stream()
        .flatMap(ids -> Arrays.stream(ids.split(",")))
        .map(NamespaceId::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void write(OutputStream out, Set<NamespaceId> without) throws IOException {
    var writer = new MessageWriter(out);
    try (Snapshot snapshot = snapshots.get()) {
      writer.write(new Message.Hello(epoch.getAsLong(), snapshot.version()));
      long count = 0;
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        if (ended.getAsBoolean()) {
          writer.write(new Message.End(count, "the server is stopping"));
          return;
        }
        if (!without.contains(next.get().namespace())) {
          writer.write(new Message.Placed(next.get().namespace(), next.get().entry()));
          count++;
        }
      }
      writer.write(new Message.End(count, ""));
    }
  }
}
