package selvedge.cli.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import selvedge.model.InvalidRequestException;
import selvedge.model.SelvedgeException;

/**
 * Writes rows to a side, several groups at a time, and reports positions in their order: when a
 * position is reported, everything before it is written. Belongs to one thread.
 */
final class Writing implements AutoCloseable {
  private static final int GROUPS_AT_ONCE = 8;
  private static final int GROUP_BYTES = 4 << 20;

  private final Side side;
  private final Existing existing;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Group> waiting = new ArrayDeque<>();
  private final List<Side.Refusal> refusals = new ArrayList<>();
  private List<Row> rows = new ArrayList<>();
  private int bytes;
  private String position = "";
  private long written;
  private Consumer<String> listener = _ -> {};

  private record Group(Future<Side.Written> result, String position) {}

  Writing(Side side, Existing existing) {
    this.side = side;
    this.existing = existing;
  }

  /** Calls the listener with each position that is reached. */
  void onReached(Consumer<String> called) {
    listener = called;
  }

  /**
   * Adds a row.
   *
   * @param reached the position behind it
   */
  void add(Row row, String reached) {
    rows.add(row);
    bytes += row.size();
    position = reached;
    if (rows.size() >= side.writeAtOnce() || bytes >= GROUP_BYTES) {
      submit();
    }
  }

  private void submit() {
    List<Row> group = rows;
    rows = new ArrayList<>();
    bytes = 0;
    if (waiting.size() == GROUPS_AT_ONCE) {
      complete(waiting.removeFirst());
    }
    waiting.addLast(new Group(threads.submit(() -> side.write(group, existing)), position));
  }

  private void complete(Group group) {
    Side.Written result = await(group.result());
    refusals.addAll(result.refused());
    written += result.rows();
    listener.accept(group.position());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SelvedgeException failure -> throw failure;
        case UncheckedIOException failure -> throw failure;
        case IOException failure -> throw new UncheckedIOException("broken off", failure);
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until everything is written. */
  void finish() {
    if (!rows.isEmpty()) {
      submit();
    }
    while (!waiting.isEmpty()) {
      complete(waiting.removeFirst());
    }
  }

  long written() {
    return written;
  }

  /** Returns the rows that the side refused, in their order. */
  List<Side.Refusal> refusals() {
    return refusals;
  }

  void requireNoRefusals() {
    if (!refusals.isEmpty()) {
      Side.Refusal first = refusals.getFirst();
      throw new InvalidRequestException(
          refusals.size()
              + " keys were refused; the first: "
              + first.key()
              + ": "
              + first.reason());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
