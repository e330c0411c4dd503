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
import selvedge.engine.namespace.Batch;
import selvedge.engine.namespace.Completion;
import selvedge.engine.namespace.DiskSpace;
import selvedge.engine.namespace.Job;
import selvedge.engine.namespace.Waiting;
import selvedge.engine.namespace.Writes;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.Change;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;

/**
 * The one writer of a store: takes what is queued, decides it in order, commits it at once and
 * answers all.
 *
 * <p>Any thread may submit; one at a time writes. It never waits for the queue to fill: while one
 * batch is synced the next one gathers by itself, and the one before it is shown and answered.
 */
final class Writer implements Worker, Writes {
  private static final Duration UNTIL_WOKEN = Duration.ofSeconds(1);

  /** So many jobs are shown and answered at once, so that whoever waits goes on meanwhile. */
  private static final int SHOWN_AT_ONCE = 16;

  private final Store store;
  private final Limits limits;
  private final InstantSource clock;
  private final Meter meter;
  private final Consumer<List<Change>> committed;
  private final ConcurrentLinkedQueue<Ticket<?>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final ReentrantLock writing = new ReentrantLock();
  private final DiskSpace room;
  private long lastNumber;

  /** What is on disk and not shown yet. */
  private List<Turn> durable = List.of();

  private volatile Runnable wake = () -> {};
  private volatile boolean closed;

  /** What nobody has thought of and went wrong, on whichever thread: the worker's step tells it. */
  private volatile @Nullable Throwable broken;

  /**
   * @param committed hears of durable changes before their writers are answered
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
    this.room = new DiskSpace(store::freeBytes, limits.get(Limit.DISK_RESERVE_BYTES));
    this.lastNumber = store.latest().number();
  }

  /**
   * Runs the job and waits until what it decided is durable. Where nobody is writing, the caller
   * does it, which spares two changes of threads; what has gathered meanwhile is the worker's.
   */
  @Override
  public <T> T call(Job<T> job) {
    Waiting<T> waiting = new Waiting<>();
    submit(job, waiting);
    return waiting.await();
  }

  /** Queues the job, and returns at once unless the completion says that the caller may wait. */
  @Override
  public <T> void submit(Job<T> job, Completion<T> completion) {
    enqueue(job, completion);
    if (completion.mayWait()) {
      writeUnlessSomebodyDoes();
    }
    if (!queue.isEmpty()) {
      wake.run();
    }
  }

  private void writeUnlessSomebodyDoes() {
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
    queue.add(new Ticket<>(job, completion));
    if (closed) {
      refuseRest();
    }
  }

  /** For what is on its way to the disk before the put that names it is queued. */
  @Override
  public void requireRoom() {
    room.requireNow(clock.instant());
  }

  @Override
  public boolean includeEveryChange() {
    return true;
  }

  int queued() {
    return queued.get();
  }

  @Override
  public void wakeBy(Runnable given) {
    wake = given;
  }

  @Override
  public Duration step() {
    writing.lock();
    try {
      boolean more = write(true);
      if (broken != null) {
        refuseRest();
        throw new IllegalStateException("a commit broke off", broken);
      }
      return more ? Duration.ZERO : UNTIL_WOKEN;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Takes what is queued and makes it durable, and shows what was durable before meanwhile; returns
   * whether there was anything to do. What is durable now is shown at once, unless there is more to
   * take and a next time.
   */
  private boolean write(boolean again) {
    if (closed) {
      return false;
    }
    List<Turn> before = durable;
    durable = List.of();
    List<Turn> turns = new ArrayList<>();
    try {
      long start = meter.ticks();
      take(turns, before);
      if (before.isEmpty() && turns.isEmpty()) {
        return false;
      }
      if (!before.isEmpty()) {
        turns.forEach(Turn::hurry);
      }
      before.forEach(Turn::show);
      turns.forEach(Turn::await);
      measure(turns, start);
      if (again && !closed && !queue.isEmpty() && turns.stream().allMatch(Turn::takesNext)) {
        durable = turns;
      } else {
        turns.forEach(Turn::show);
      }
    } catch (RuntimeException | Error e) {
      breakOff(e, before, turns);
    }
    return true;
  }

  private void measure(List<Turn> turns, long start) {
    int changes = turns.stream().filter(Turn::isSound).mapToInt(turn -> turn.batch.size()).sum();
    if (changes > 0) {
      meter.committed(changes, meter.ticks() - start);
    }
  }

  /** Begins turns until nothing is queued any more or there is enough for one sync. */
  private void take(List<Turn> turns, List<Turn> before) {
    List<Change> unseen = new ArrayList<>();
    before.forEach(turn -> unseen.addAll(turn.batch.changes()));
    long left = limits.get(Limit.BATCH_CHANGES);
    long bytesLeft = limits.get(Limit.BATCH_BYTES);
    @Nullable Turn ground = before.isEmpty() ? null : before.getLast();
    while (left > 0 && bytesLeft > 0 && (turns.isEmpty() || turns.getLast().takesNext())) {
      var batch = new Batch(store, clock.instant(), lastNumber, room, unseen);
      var turn = new Turn(batch, ground);
      turns.add(turn);
      decide(batch, turn.tickets, Math.min(left, SHOWN_AT_ONCE), bytesLeft);
      if (turn.tickets.isEmpty()) {
        turns.removeLast();
        return;
      }
      turn.begin();
      unseen.addAll(batch.changes());
      left -= Math.max(batch.size(), turn.tickets.size());
      bytesLeft -= batch.bytes();
      ground = turn;
    }
  }

  /** Something is wrong that nobody has thought of: everybody is told, and nothing goes on. */
  private void breakOff(Throwable e, List<Turn> before, List<Turn> turns) {
    breakOff(e);
    var failure = new IllegalStateException("a commit broke off", e);
    before.forEach(turn -> turn.fail(failure));
    turns.forEach(turn -> turn.fail(failure));
  }

  private void breakOff(Throwable e) {
    broken = broken == null ? e : broken;
    closed = true;
    wake.run();
  }

  /** Whoever fails to hear an answer keeps nobody else from theirs. */
  private void tell(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException | Error e) {
      breakOff(e);
    }
  }

  private void decide(Batch batch, List<Ticket<?>> tickets, long changesMax, long bytesMax) {
    while (batch.takesMore(changesMax, bytesMax) && tickets.size() < changesMax) {
      Ticket<?> ticket = queue.poll();
      if (ticket == null) {
        break;
      }
      queued.decrementAndGet();
      tickets.add(ticket);
      ticket.decide(batch);
    }
  }

  /**
   * Takes no more jobs; those that still wait are refused. Called once the thread has ended; when
   * it returns, no caller writes any more.
   */
  void close() {
    closed = true;
    writing.lock();
    try {
      durable.forEach(Turn::show);
      durable = List.of();
      refuseRest();
    } finally {
      writing.unlock();
    }
  }

  private void refuseRest() {
    for (Ticket<?> ticket = queue.poll(); ticket != null; ticket = queue.poll()) {
      queued.decrementAndGet();
      Ticket<?> refused = ticket;
      tell(() -> refused.fail(new OverloadedException("the writer has stopped")));
    }
  }

  /** A batch on its way, and who waits for it. Once a step has failed, the others do nothing. */
  private final class Turn {
    private final Batch batch;
    private final List<Ticket<?>> tickets = new ArrayList<>();

    /** The turn on which this one was decided, unless everybody sees that. */
    private @Nullable Turn ground;

    private @Nullable Pending pending;
    private @Nullable RuntimeException failure;
    private boolean answered;

    Turn(Batch batch, @Nullable Turn ground) {
      this.batch = batch;
      this.ground = ground;
    }

    /**
     * A number is used once: when a commit fails, nobody knows what of it has reached the disk, so
     * the next batch takes numbers beyond it.
     */
    void begin() {
      lastNumber = batch.last();
      if (batch.size() > 0) {
        attempt(() -> pending = store.begin(batch.changes()));
      }
    }

    /** Lets the disk work meanwhile. */
    void hurry() {
      attempt(Pending::hurry);
    }

    boolean isSound() {
      return failure == null;
    }

    /** Whether another turn can be decided on this one before it is shown. */
    boolean takesNext() {
      return isSound() && !batch.isSealed();
    }

    /** Returns once it is on disk. */
    void await() {
      requireGround();
      attempt(Pending::await);
    }

    /** Shows the changes, and answers. */
    void show() {
      requireGround();
      attempt(
          changes -> {
            changes.finish();
            committed.accept(batch.changes());
          });
      if (failure == null) {
        answered = true;
        tickets.forEach(ticket -> tell(ticket::answer));
      }
      ground = null;
    }

    /** What was decided on another turn counts only if that one does. */
    private void requireGround() {
      if (ground != null && ground.failure != null && failure == null) {
        attempt(Pending::withdraw);
        fail(ground.failure);
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
        fail(e);
      }
    }

    private void fail(RuntimeException e) {
      if (failure == null && !answered) {
        failure = e;
        tickets.forEach(ticket -> tell(() -> ticket.fail(e)));
      }
    }
  }

  /** A job, who waits for it, and what it decided. */
  private static final class Ticket<T> {
    private final Job<T> job;
    private final Completion<T> completion;
    private @Nullable T result;
    private @Nullable RuntimeException failure;

    Ticket(Job<T> job, Completion<T> completion) {
      this.job = job;
      this.completion = completion;
    }

    /** A job that fails takes nothing but itself down: its caller is told, the batch goes on. */
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
    void answer() {
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
