package selvedge.cli.kv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads a side in byte order, a few parts ahead of their use. Belongs to one thread. */
final class ReadAhead implements AutoCloseable {
  private static final int PARTS_AHEAD = 4;

  private final Side side;
  private final String prefix;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Pending> ahead = new ArrayDeque<>();
  private final Deque<List<Side.ListedKey>> parts = new ArrayDeque<>();
  private @Nullable String page;
  private @Nullable String next;
  private boolean listed;

  /**
   * Rows that follow one another.
   *
   * @param page where the page begins that they are on; null for the first
   */
  record Part(List<Side.ListedKey> keys, List<Optional<Row>> rows, @Nullable String page) {}

  private record Pending(
      List<Side.ListedKey> keys, Future<List<Optional<Row>>> rows, @Nullable String page) {}

  ReadAhead(Side side, String prefix, @Nullable String position) {
    this.side = side;
    this.prefix = prefix;
    this.next = position;
  }

  /** Returns the next part; empty at the end. */
  Optional<Part> next() throws IOException {
    while (ahead.size() < PARTS_AHEAD && (!parts.isEmpty() || !listed)) {
      if (parts.isEmpty()) {
        list();
      } else {
        List<Side.ListedKey> keys = parts.removeFirst();
        ahead.addLast(new Pending(keys, threads.submit(() -> side.read(keys)), page));
      }
    }
    if (ahead.isEmpty()) {
      return Optional.empty();
    }
    Pending first = ahead.removeFirst();
    return Optional.of(new Part(first.keys(), Writing.await(first.rows()), first.page()));
  }

  private void list() throws IOException {
    Side.KeyPage keys = side.list(prefix, next);
    page = next;
    next = keys.next();
    listed = next == null;
    parts.addAll(Parts.of(keys.keys(), side.readAtOnce()));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
