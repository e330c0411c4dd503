package selvedge.engine.origin;

import java.time.Duration;
import java.util.function.Supplier;
import selvedge.engine.namespace.Completion;
import selvedge.engine.namespace.Job;
import selvedge.engine.work.Worker;
import selvedge.model.OverloadedException;

/**
 * Submits a piece of upkeep to the writer at an interval, because only the writer changes the
 * store.
 *
 * <p>Belongs to one thread. The upkeep itself runs on the thread of the writer.
 */
final class MaintenanceTask implements Worker, Completion<Boolean> {
  static final Duration BETWEEN_PIECES = Duration.ofMillis(10);

  private final Writer writer;
  private final Supplier<Duration> interval;
  private final Job<Boolean> piece;
  private volatile State state = State.DUE;

  private enum State {
    DUE,
    QUEUED,
    DONE
  }

  /**
   * @param piece does a bounded piece and returns whether more is waiting
   */
  MaintenanceTask(Writer writer, Supplier<Duration> interval, Job<Boolean> piece) {
    this.writer = writer;
    this.interval = interval;
    this.piece = piece;
  }

  @Override
  public Duration step() {
    return switch (state) {
      case DUE -> {
        state = State.QUEUED;
        yield submit();
      }
      case QUEUED -> BETWEEN_PIECES;
      case DONE -> {
        state = State.DUE;
        yield interval.get();
      }
    };
  }

  /** Submits a piece. If the queue is full, the piece waits for the next interval. */
  private Duration submit() {
    try {
      writer.submit(piece, this);
      return BETWEEN_PIECES;
    } catch (OverloadedException e) {
      state = State.DONE;
      return BETWEEN_PIECES;
    }
  }

  @Override
  public void completed(Boolean more) {
    state = more ? State.DUE : State.DONE;
  }

  /** Waits for the next interval. The callers of the writer receive the failures of the store. */
  @Override
  public void failed(RuntimeException failure) {
    state = State.DONE;
  }
}
