package selvedge.embedded;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import selvedge.engine.edge.Replica;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.NamespaceId;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.Watch;

/**
 * A watch of a namespace at an edge. When another store replaces that of the edge, it continues
 * there after its last change; if the new store does not have the changes since then, it fails as
 * any watch does. Belongs to one thread; another one may close it.
 */
final class EdgeWatch implements Watch {
  private final EmbeddedEdge edge;
  private final NamespaceId id;
  private final Bytes prefix;
  private Replica replica;
  private volatile Watch watch;
  private volatile boolean closed;

  EdgeWatch(EmbeddedEdge edge, NamespaceId id, Bytes prefix, Version after) {
    this.edge = edge;
    this.id = id;
    this.prefix = prefix;
    this.replica = edge.local(current -> current);
    this.watch = replica.open(id).watch(prefix, after);
  }

  @Override
  public Optional<Change> next(Duration patience) {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      try {
        Optional<Change> next = watch.next(left);
        if (next.isPresent() || closed || !isReplaced()) {
          return next;
        }
      } catch (SelvedgeException | IllegalStateException e) {
        if (closed || !isReplaced()) {
          throw e;
        }
      }
      reopen();
    }
  }

  /** Waits while the store is being replaced. */
  private boolean isReplaced() {
    return edge.local(current -> current) != replica;
  }

  private void reopen() {
    Version after = watch.version();
    watch.close();
    replica = edge.local(current -> current);
    watch = replica.open(id).watch(prefix, after);
    if (closed) {
      watch.close();
    }
  }

  @Override
  public boolean isCurrent() {
    return !closed && watch.isCurrent();
  }

  @Override
  public Version version() {
    return watch.version();
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
  }
}
