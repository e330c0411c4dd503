package selvedge.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;

/**
 * The right of this voter to write to the log in one term, and the proof that it still leads. Safe
 * for use by many threads.
 *
 * <p>An entry that was submitted at a moment and committed in this term proves that no other voter
 * led at that moment. A new leader answers nothing for {@link #LEASE} after its election, so the
 * proof is valid that long. It needs no clock but one that measures spans.
 */
final class Leadership {
  /** How long a committed entry proves the leadership, from its submission on. */
  static final Duration LEASE = Duration.ofMillis(500);

  /** The part of the lease that is used, which leaves a margin for clocks of different speed. */
  private static final long USED_NANOS = LEASE.toNanos() * 9 / 10;

  private final long term;
  private final Submitter submitter;
  private final LongSupplier ticks;
  private final Map<Long, Ticket> tickets = new ConcurrentHashMap<>();
  private final AtomicLong uploads = new AtomicLong();
  private final AtomicLong submittedBytes = new AtomicLong();
  private final AtomicLong submittedEntries = new AtomicLong();
  private final ReentrantLock proving = new ReentrantLock();
  private volatile @Nullable String ended;
  private volatile boolean proven;
  private volatile long proof;

  /** Submits entries to the log of this voter. */
  interface Submitter {

    /**
     * Submits an entry, with a new number that identifies it.
     *
     * @param ticket receives the failure of the submission
     */
    void submit(long number, LogEntry entry, Ticket ticket);

    /** Returns a number that this process has not used before. */
    long next();

    /** Lets the voters elect a leader again, and returns at once. */
    void stepDown();
  }

  Leadership(long term, Submitter submitter, LongSupplier ticks) {
    this.term = term;
    this.submitter = submitter;
    this.ticks = ticks;
  }

  long term() {
    return term;
  }

  /** Returns a number for a new upload of this term. */
  long nextUpload() {
    return uploads.incrementAndGet();
  }

  /** Submits an entry of this term and returns at once. */
  Ticket submit(LogEntry entry) {
    requireHeld();
    var ticket = new Ticket(term, ticks.getAsLong());
    long number = submitter.next();
    tickets.put(number, ticket);
    submittedBytes.addAndGet(size(entry));
    submittedEntries.incrementAndGet();
    submitter.submit(number, entry, ticket);
    return ticket;
  }

  private static int size(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Part(long _, Bytes bytes) -> bytes.size();
      case LogEntry.Changes(long _, Bytes bytes) -> bytes.size();
      case LogEntry.Chunk(long _, long _, Bytes bytes) -> bytes.size();
      case LogEntry.Abandoned _, LogEntry.Proof _ -> 0;
    };
  }

  /** Returns the size of what was submitted so far. */
  LogSize submitted() {
    return new LogSize(submittedBytes.get(), submittedEntries.get());
  }

  /** Returns the ticket of an entry that this process has submitted; null for any other one. */
  @Nullable Ticket ticket(long number) {
    return tickets.get(number);
  }

  /** Records that an entry of this term was applied. */
  void applied(long number) {
    Ticket ticket = tickets.remove(number);
    if (ticket != null) {
      if (!proven || ticket.submitted() - proof > 0) {
        proof = ticket.submitted();
        proven = true;
      }
      ticket.made();
    }
  }

  /** Records that an entry of a later term was applied, so that open entries were replaced. */
  void replaced() {
    end("another server leads");
    tickets.values().forEach(each -> each.notMade("another server leads"));
    tickets.clear();
  }

  /** Ends the leadership. Later submissions fail. */
  void end(String reason) {
    if (ended == null) {
      ended = reason;
    }
  }

  /**
   * Ends the leadership after a failed write. The log still takes this voter for the leader, so it
   * must step down: otherwise no voter would write.
   */
  void abdicate(String reason) {
    if (isHeld()) {
      end(reason);
      submitter.stepDown();
    }
  }

  boolean isHeld() {
    return ended == null;
  }

  /** Throws an {@link OverloadedException} if this voter does not lead any more. */
  void requireHeld() {
    String reason = ended;
    if (reason != null) {
      throw new OverloadedException("this server does not lead: " + reason);
    }
  }

  /** Returns whether it is proven that no other voter has answered anything so far. */
  boolean isProven() {
    return ended == null && proven && ticks.getAsLong() - proof < USED_NANOS;
  }

  /**
   * Returns once the leadership is proven, by a new entry if necessary. Throws a {@link
   * SelvedgeException} if this voter does not lead.
   */
  void prove() {
    if (isProven()) {
      return;
    }
    proving.lock();
    try {
      while (!isProven()) {
        submit(new LogEntry.Proof(term)).await();
      }
    } finally {
      proving.unlock();
    }
  }
}
