package selvedge.server.health;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.FileFailures;
import selvedge.engine.origin.Meter;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;

/**
 * Observes the commits of a store: whether the last one failed, and why. Safe for use by many
 * threads.
 */
public final class CommitWatch implements Meter {
  private final Meter next;
  private final LongAdder failures = new LongAdder();
  private volatile @Nullable RuntimeException failure;

  /**
   * @param next receives all figures
   */
  public CommitWatch(Meter next) {
    this.next = next;
  }

  @Override
  public long ticks() {
    return next.ticks();
  }

  @Override
  public void committed(int changes, long nanos) {
    next.committed(changes, nanos);
  }

  @Override
  public void shown() {
    if (failure != null) {
      failure = null;
    }
    next.shown();
  }

  @Override
  public void upkeep(long nanos) {
    next.upkeep(nanos);
  }

  @Override
  public void failed(RuntimeException why) {
    failures.increment();
    failure = why;
    next.failed(why);
  }

  /** Returns how many commits have failed. */
  public long failures() {
    return failures.sum();
  }

  /** Returns the failure of the last commit; empty if it succeeded. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Forgets the failure, because the store was opened again. */
  public void reset() {
    failure = null;
  }

  /** Returns the reason of a failed commit without names of files. */
  public static String reason(RuntimeException failure) {
    return switch (failure) {
      case StorageFullException _ -> "the disk is full";
      case StoreDamagedException _ -> "a file of the store is damaged";
      default ->
          failure.getCause() instanceof IOException cause
              ? "writing to the disk fails: " + FileFailures.reason(cause)
              : "writing to the store fails";
    };
  }
}
