package selvedge.verification.simulation;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.model.Change;
import selvedge.verification.disk.PowerCut;

/**
 * The store of a machine, watched from between the writer and the disk: the history records what an
 * origin decides. Faults of sweeps are planted here.
 */
final class SeamStore implements ForwardingStore {
  private final Store store;
  private final Decisions decisions;
  private final Fault fault;
  private final Supplier<Instant> ownClock;

  /** Receives what is committed. */
  interface Decisions {
    Decisions NONE =
        new Decisions() {
          @Override
          public void begin(List<Change> changes) {}

          @Override
          public void durable(List<Change> changes) {}

          @Override
          public void shown(List<Change> changes) {}

          @Override
          public void failed(List<Change> changes) {}
        };

    void begin(List<Change> changes);

    void durable(List<Change> changes);

    void shown(List<Change> changes);

    /** The changes are not committed, but a crash may leave them on the disk. */
    void failed(List<Change> changes);
  }

  SeamStore(Store store, Decisions decisions, Fault fault, Supplier<Instant> ownClock) {
    this.store = store;
    this.decisions = decisions;
    this.fault = fault;
    this.ownClock = ownClock;
  }

  @Override
  public Store delegate() {
    return store;
  }

  @Override
  public void commit(List<Change> changes) {
    begin(changes).complete();
  }

  @Override
  public Pending begin(List<Change> changes) {
    decisions.begin(changes);
    Pending pending = attempt(changes, () -> store.begin(changes));
    return new Pending() {
      @Override
      public void startSync() {
        pending.startSync();
      }

      @Override
      public void await() {
        attempt(
            changes,
            () -> {
              pending.await();
              return pending;
            });
        decisions.durable(changes);
      }

      @Override
      public void finish() {
        attempt(
            changes,
            () -> {
              pending.finish();
              return pending;
            });
        decisions.shown(changes);
      }

      @Override
      public void withdraw() {
        pending.withdraw();
        decisions.failed(changes);
      }
    };
  }

  private Pending attempt(List<Change> changes, Supplier<Pending> step) {
    try {
      return step.get();
    } catch (PowerCut e) {
      throw e;
    } catch (RuntimeException e) {
      decisions.failed(changes);
      throw e;
    }
  }

  @Override
  public Instant trustedAt() {
    return fault == Fault.CLOCK_TRUSTS_ITSELF ? store.changedAt() : store.trustedAt();
  }

  @Override
  public boolean sweep(Instant moment, int limit) {
    return switch (fault) {
      case EDGE_SWEEPS_ONE -> {
        boolean _ = store.sweep(moment, 1);
        yield false;
      }
      case SWEPT_BY_ANY_CLOCK -> store.sweep(ownClock.get(), limit);
      default -> store.sweep(moment, limit);
    };
  }
}
