package selvedge.engine.origin;

import java.time.Duration;
import selvedge.engine.namespace.Completion;
import selvedge.engine.namespace.Job;
import selvedge.engine.work.Worker;
import selvedge.model.OverloadedException;

/**
 * Upkeep of the store that only its writer may do, asked for at an interval.
 *
 * <p>Stepped by one thread; the work itself happens on the writer's.
 */
final class MaintenanceTask implements Worker, Completion<Boolean> {
  static final Duration BETWEEN_PIECES = Duration.ofMillis(10);

  private final Writer writer;
  private final Duration interval;
  private final Job<Boolean> piece;
  private volatile State state = State.DUE;

  private enum State {
    DUE,
    AT_WORK,
    DONE
  }

  /**
   * @param piece does a bounded piece and returns whether more is waiting
   */
  MaintenanceTask(Writer writer, Duration interval, Job<Boolean> piece) {
    this.writer = writer;
    this.interval = interval;
    this.piece = piece;
  }

  @Override
  public Duration step() {
    return switch (state) {
      case DUE -> {
        state = State.AT_WORK;
        yield ask();
      }
      case AT_WORK -> BETWEEN_PIECES;
      case DONE -> {
        state = State.DUE;
        yield interval;
      }
    };
  }

  /** A writer with a full queue has better things to do. */
  private Duration ask() {
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

  /** The writer's own callers hear of a broken store; upkeep tries again at the next interval. */
  @Override
  public void failed(RuntimeException failure) {
    state = State.DONE;
  }
}
