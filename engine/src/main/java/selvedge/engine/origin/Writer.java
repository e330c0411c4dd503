package selvedge.engine.origin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.namespace.AwaitedCompletion;
import selvedge.engine.namespace.Batch;
import selvedge.engine.namespace.Completion;
import selvedge.engine.namespace.DiskSpace;
import selvedge.engine.namespace.Job;
import selvedge.engine.namespace.Writes;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.Change;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;

/**
 * The only writer of a store. It decides the queued jobs in order, commits their changes by group
 * commit and completes the jobs.
 *
 * <p>Any thread may submit a job; one thread at a time writes. The writer never waits for the queue
 * to fill: while one group is synced, the queue fills and the group before becomes visible.
 */
final class Writer implements Worker, Writes {
  private static final Duration UNTIL_WOKEN = Duration.ofSeconds(1);

  /** Limits the jobs of a batch, so that the first callers need not wait for all others. */
  private static final int BATCH_JOBS_MAX = 16;

  private final Store store;
  private final Limits limits;
  private final InstantSource clock;
  private final Meter meter;
  private final Consumer<List<Change>> committed;
  private final ConcurrentLinkedQueue<QueuedJob<?>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final ReentrantLock writing = new ReentrantLock();
  private final DiskSpace diskSpace;
  private long lastNumber;

  /** Batches that are on disk and not visible yet. */
  private List<InFlightBatch> durable = List.of();

  private volatile Runnable wake = () -> {};
  private volatile boolean closed;

  /** An unexpected exception of any thread that wrote. The next step throws it. */
  private volatile @Nullable Throwable broken;

  /**
   * @param committed receives durable changes before their callers are answered
   */
  Writer(
      Store store,
      Limits limits,
      InstantSource clock,
      Meter meter,
      Consumer<List<Change>> committed) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
    this.meter = meter;
    this.committed = committed;
    this.diskSpace = new DiskSpace(store::roomBytes, limits.get(Limit.DISK_RESERVE_BYTES));
    this.lastNumber = store.latest().number();
  }

  /**
   * Runs the job and waits until its changes are durable. If no thread is writing, the caller
   * writes, which saves two switches between threads. Jobs that are queued meanwhile are left to
   * the worker.
   */
  @Override
  public <T> T call(Job<T> job) {
    AwaitedCompletion<T> waiting = new AwaitedCompletion<>();
    submit(job, waiting);
    return waiting.await();
  }

  /** Queues the job. The caller may write it itself if the completion allows it to wait. */
  @Override
  public <T> void submit(Job<T> job, Completion<T> completion) {
    enqueue(job, completion);
    if (completion.mayWait()) {
      writeIfIdle();
    }
    if (!queue.isEmpty()) {
      wake.run();
    }
  }

  private void writeIfIdle() {
    if (writing.tryLock()) {
      try {
        write(false);
      } finally {
        writing.unlock();
      }
    }
  }

  private <T> void enqueue(Job<T> job, Completion<T> completion) {
    if (closed) {
      throw new OverloadedException("the writer has stopped");
    }
    if (queued.incrementAndGet() > limits.get(Limit.QUEUE_WRITES)) {
      queued.decrementAndGet();
      throw new OverloadedException(
          "more than " + limits.get(Limit.QUEUE_WRITES) + " writes are waiting");
    }
    queue.add(new QueuedJob<>(job, completion));
    if (closed) {
      refuseRest();
    }
  }

  /** Checks the disk for chunks that are written before their put is queued. */
  @Override
  public void requireRoom() {
    diskSpace.requireNow(clock.instant());
  }

  @Override
  public boolean includeEveryChange() {
    return true;
  }

  int queued() {
    return queued.get();
  }

  @Override
  public void wakeBy(Runnable waker) {
    wake = waker;
  }

  @Override
  public Duration step() {
    writing.lock();
    try {
      boolean more = write(true);
      if (broken != null) {
        refuseRest();
        throw new IllegalStateException("the writer stopped after an unexpected exception", broken);
      }
      return more ? Duration.ZERO : UNTIL_WOKEN;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Makes the queued jobs durable, makes the durable batches visible while the disk works, and
   * returns whether there was anything to do.
   *
   * @param again whether the caller writes again at once, so that the new batches may become
   *     visible during the next sync
   */
  private boolean write(boolean again) {
    if (closed) {
      return false;
    }
    List<InFlightBatch> before = durable;
    durable = List.of();
    List<InFlightBatch> batches = new ArrayList<>();
    try {
      long start = meter.ticks();
      take(batches, before);
      if (before.isEmpty() && batches.isEmpty()) {
        return false;
      }
      if (!before.isEmpty()) {
        batches.forEach(InFlightBatch::startSync);
      }
      before.forEach(InFlightBatch::show);
      batches.forEach(InFlightBatch::await);
      measure(batches, start);
      if (again
          && !closed
          && !queue.isEmpty()
          && batches.stream().allMatch(InFlightBatch::allowsNext)) {
        durable = batches;
      } else {
        batches.forEach(InFlightBatch::show);
      }
    } catch (RuntimeException | Error e) {
      stop(e, before, batches);
    }
    return true;
  }

  private void measure(List<InFlightBatch> batches, long start) {
    int changes =
        batches.stream().filter(InFlightBatch::isSound).mapToInt(each -> each.batch.size()).sum();
    if (changes > 0) {
      meter.committed(changes, meter.ticks() - start);
    }
  }

  /** Begins batches until the queue is empty or one sync has enough to do. */
  private void take(List<InFlightBatch> batches, List<InFlightBatch> before) {
    List<Change> unseen = new ArrayList<>();
    before.forEach(each -> unseen.addAll(each.batch.changes()));
    long left = limits.get(Limit.BATCH_CHANGES);
    long bytesLeft = limits.get(Limit.BATCH_BYTES);
    @Nullable InFlightBatch predecessor = before.isEmpty() ? null : before.getLast();
    while (left > 0 && bytesLeft > 0 && (batches.isEmpty() || batches.getLast().allowsNext())) {
      var batch = new Batch(store, clock, lastNumber, diskSpace, unseen);
      var inFlight = new InFlightBatch(batch, predecessor);
      batches.add(inFlight);
      decide(batch, inFlight.jobs, Math.min(left, BATCH_JOBS_MAX), bytesLeft);
      if (inFlight.jobs.isEmpty()) {
        batches.removeLast();
        return;
      }
      inFlight.begin();
      unseen.addAll(batch.changes());
      left -= Math.max(batch.size(), inFlight.jobs.size());
      bytesLeft -= batch.bytes();
      predecessor = inFlight;
    }
  }

  /** Fails all pending writes and stops the writer after an unexpected exception. */
  private void stop(Throwable e, List<InFlightBatch> before, List<InFlightBatch> batches) {
    stop(e);
    var failure = new IllegalStateException("the writer stopped after an unexpected exception", e);
    before.forEach(each -> each.fail(failure));
    batches.forEach(each -> each.fail(failure));
  }

  private void stop(Throwable e) {
    broken = broken == null ? e : broken;
    closed = true;
    wake.run();
  }

  /** An exception in one completion must not prevent the other completions from running. */
  private void complete(Runnable completion) {
    try {
      completion.run();
    } catch (RuntimeException | Error e) {
      stop(e);
    }
  }

  private void decide(Batch batch, List<QueuedJob<?>> jobs, long changesMax, long bytesMax) {
    while (batch.takesMore(changesMax, bytesMax) && jobs.size() < changesMax) {
      QueuedJob<?> job = queue.poll();
      if (job == null) {
        break;
      }
      queued.decrementAndGet();
      jobs.add(job);
      batch.beginJob();
      job.decide(batch);
    }
  }

  /**
   * Accepts no more jobs and refuses those that still wait. Must be called after the thread of the
   * worker has ended. No caller writes after it returns.
   */
  void close() {
    closed = true;
    writing.lock();
    try {
      durable.forEach(InFlightBatch::show);
      durable = List.of();
      refuseRest();
    } finally {
      writing.unlock();
    }
  }

  private void refuseRest() {
    for (QueuedJob<?> job = queue.poll(); job != null; job = queue.poll()) {
      queued.decrementAndGet();
      QueuedJob<?> refused = job;
      complete(() -> refused.fail(new OverloadedException("the writer has stopped")));
    }
  }

  /** A batch between decision and completion. After a failed step the later steps do nothing. */
  private final class InFlightBatch {
    private final Batch batch;
    private final List<QueuedJob<?>> jobs = new ArrayList<>();

    /** The batch that this one was decided on top of; null once that one is visible. */
    private @Nullable InFlightBatch predecessor;

    private @Nullable Pending pending;
    private @Nullable RuntimeException failure;
    private boolean answered;

    InFlightBatch(Batch batch, @Nullable InFlightBatch predecessor) {
      this.batch = batch;
      this.predecessor = predecessor;
    }

    /**
     * Begins the commit. A number is used once: part of a failed commit may have reached the disk,
     * so the next batch continues after its numbers.
     */
    void begin() {
      lastNumber = batch.last();
      if (batch.size() > 0) {
        attempt(() -> pending = store.begin(batch.changes()));
      }
    }

    /** Starts the sync on the sync thread and returns at once. */
    void startSync() {
      attempt(Pending::startSync);
    }

    boolean isSound() {
      return failure == null;
    }

    /** Returns whether another batch may be decided on top of this one before it is visible. */
    boolean allowsNext() {
      return isSound() && !batch.isSealed();
    }

    /** Returns once the batch is on disk. */
    void await() {
      checkPredecessor();
      attempt(Pending::await);
    }

    /** Makes the changes visible and completes the jobs. */
    void show() {
      checkPredecessor();
      attempt(
          changes -> {
            changes.finish();
            committed.accept(batch.changes());
          });
      if (failure == null) {
        if (batch.size() > 0) {
          meter.shown();
        }
        answered = true;
        jobs.forEach(job -> complete(job::complete));
      }
      predecessor = null;
    }

    /** A batch that was decided on top of an uncommitted batch fails if that batch fails. */
    private void checkPredecessor() {
      if (predecessor != null && predecessor.failure != null && failure == null) {
        attempt(Pending::withdraw);
        fail(predecessor.failure);
      }
    }

    private void attempt(Consumer<Pending> step) {
      Pending changes = pending;
      if (changes != null && failure == null) {
        attempt(() -> step.accept(changes));
      }
    }

    private void attempt(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        meter.failed(e);
        fail(e);
      }
    }

    private void fail(RuntimeException e) {
      if (failure == null && !answered) {
        failure = e;
        jobs.forEach(job -> complete(() -> job.fail(e)));
      }
    }
  }

  /** A job with its completion and its result. */
  private static final class QueuedJob<T> {
    private final Job<T> job;
    private final Completion<T> completion;
    private @Nullable T result;
    private @Nullable RuntimeException failure;

    QueuedJob(Job<T> job, Completion<T> completion) {
      this.job = job;
      this.completion = completion;
    }

    /** Decides the job. A job that fails takes back its own changes and no others. */
    void decide(Batch batch) {
      int before = batch.size();
      try {
        result = job.decide(batch);
      } catch (RuntimeException e) {
        batch.rollBack(before);
        failure = e;
      }
    }

    @SuppressWarnings("NullAway") // a job without a failure has a result, null only for Void
    void complete() {
      if (failure != null) {
        completion.failed(failure);
      } else {
        completion.completed(result);
      }
    }

    void fail(RuntimeException e) {
      completion.failed(failure != null ? failure : e);
    }
  }
}
