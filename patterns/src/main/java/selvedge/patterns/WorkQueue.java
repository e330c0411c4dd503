package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * A queue of messages that several processes work on. Safe for use by many threads and processes;
 * every method may block.
 *
 * <p>A message is taken for a lease. If it is not {@link #done} when the lease ends, it is taken
 * again, so a message is handled at least once: handling it again must do no harm. Messages are
 * taken in their order, but messages that are handled at the same time may be done in another one.
 *
 * <p>A message that cannot be handled becomes a dead letter: by {@link #reject}, or after {@link
 * #attemptsMax} attempts. Dead letters are kept until they are put back or removed.
 *
 * {@snippet class="selvedge.examples.QueueProgram" region="queue"}
 */
public final class WorkQueue {
  private static final int NUMBER_DIGITS = 19;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final int REASON_MAX = 150;

  private final Namespace namespace;
  private final String prefix;
  private final InstantSource clock;
  private final Locks claims;
  private final int attemptsMax;

  /**
   * Creates access to a queue on the clock of the system.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   */
  public WorkQueue(Namespace namespace, String prefix) {
    this(namespace, prefix, new SecureRandom(), InstantSource.system());
  }

  /**
   * Creates access to a queue with another clock and source of randomness.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param random identifies holders of leases; must be safe for use by many threads
   * @param clock the clock by which {@link Lease#until} and {@link DeadLetter#at} are given
   */
  public WorkQueue(
      Namespace namespace, String prefix, RandomGenerator random, InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.clock = clock;
    this.claims = new Locks(namespace, prefix + "claim/", random, clock);
    this.attemptsMax = Integer.MAX_VALUE;
  }

  private WorkQueue(WorkQueue other, int attemptsMax) {
    this.namespace = other.namespace;
    this.prefix = other.prefix;
    this.clock = other.clock;
    this.claims = other.claims;
    this.attemptsMax = attemptsMax;
  }

  /**
   * Returns access to the same queue in which a message becomes a dead letter when it was taken a
   * number of times and not done. Without this option it is taken again without end.
   *
   * @param changed the number of attempts, at least 1
   * @return the changed copy
   * @throws InvalidRequestException if the number is less than 1
   */
  public WorkQueue attemptsMax(int changed) {
    if (changed < 1) {
      throw new InvalidRequestException("attemptsMax must be at least 1, got " + changed);
    }
    return new WorkQueue(this, changed);
  }

  /**
   * A message that was taken.
   *
   * @param number its number in the queue, which grows with each message
   * @param data its content
   * @param attempt how many times it was taken, with this time
   * @param lease the time for which no other process takes it, with a fencing token
   */
  public record Message(long number, Bytes data, long attempt, Lease lease) {}

  /**
   * A message that could not be handled.
   *
   * @param number its number in the queue
   * @param data its content
   * @param attempts how many times it was taken
   * @param reason why it was given up
   * @param at when it was given up
   */
  public record DeadLetter(long number, Bytes data, long attempts, String reason, Instant at) {}

  private String messages() {
    return prefix + "message/";
  }

  private String deadLetters() {
    return prefix + "dead/";
  }

  private Key message(long number) {
    return Key.of(messages() + Names.padded(number, NUMBER_DIGITS));
  }

  private Key attempts(long number) {
    return Key.of(prefix + "attempt/" + Names.padded(number, NUMBER_DIGITS));
  }

  private Key deadLetter(long number) {
    return Key.of(deadLetters() + Names.padded(number, NUMBER_DIGITS));
  }

  /**
   * Adds a message.
   *
   * @param data its content
   * @return its number
   */
  public long put(Bytes data) {
    long number =
        namespace
            .increment(Key.of(prefix + "last"), 1, WriteOptions.PLAIN.metadata(Form.ALONE))
            .value();
    namespace.put(message(number), data, WriteOptions.PLAIN.metadata(Form.ALONE));
    return number;
  }

  /**
   * Takes the first message that no process holds, without waiting.
   *
   * @param lease the time after which the message is taken again, if it is not done
   * @return the message, or empty if there is none
   */
  public Optional<Message> take(Duration lease) {
    Set<String> held = new HashSet<>(names(prefix + "claim/"));
    return namespace
        .keys(messages())
        .map(listed -> listed.key().name().substring(messages().length()))
        .filter(name -> !held.contains(name))
        .flatMap(name -> take(name, lease).stream())
        .findFirst();
  }

  private List<String> names(String start) {
    return namespace
        .keys(start)
        .map(listed -> listed.key().name().substring(start.length()))
        .toList();
  }

  /** Reads the message again under its lease: another process may have done it meanwhile. */
  private Optional<Message> take(String name, Duration lease) {
    Optional<Lease> claim = claims.tryAcquire(name, lease);
    return claim.flatMap(held -> take(Long.parseLong(name), held));
  }

  private Optional<Message> take(long number, Lease held) {
    Optional<Entry> entry = namespace.get(message(number), ReadOptions.STRONG).find();
    if (entry.isEmpty()) {
      claims.release(held);
      return Optional.empty();
    }
    long attempt =
        namespace.increment(attempts(number), 1, WriteOptions.PLAIN.metadata(Form.ALONE)).value();
    var message = new Message(number, entry.get().value().bytes(), attempt, held);
    if (attempt > attemptsMax) {
      bury(message, attempt - 1, "it was taken " + (attempt - 1) + " times and not done");
      return Optional.empty();
    }
    return Optional.of(message);
  }

  /**
   * Takes the first message that no process holds, and waits for one.
   *
   * @param lease the time after which the message is taken again, if it is not done
   * @param patience the longest time to wait
   * @return the message, or empty if there was none in that time
   */
  public Optional<Message> take(Duration lease, Duration patience) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    Version start = namespace.latest();
    Optional<Message> taken = take(lease);
    if (taken.isPresent()) {
      return taken;
    }
    try (Watch watch = namespace.watch(Bytes.utf8(messages()), start)) {
      long left = deadline - System.nanoTime();
      while (taken.isEmpty() && left > 0) {
        watch.next(Duration.ofNanos(Math.min(left, LOOK_AGAIN.toNanos())));
        taken = take(lease);
        left = deadline - System.nanoTime();
      }
    }
    return taken;
  }

  /**
   * Extends the lease of a message that takes longer to handle.
   *
   * @param message the message as it was taken or renewed
   * @param lease the time from now after which the message is taken again
   * @return the message with its new lease, or empty if the lease was lost
   */
  public Optional<Message> renew(Message message, Duration lease) {
    return claims
        .renew(message.lease(), lease)
        .map(renewed -> new Message(message.number(), message.data(), message.attempt(), renewed));
  }

  /**
   * Removes a message that was handled.
   *
   * @param message the message as it was taken or renewed
   * @return whether the lease was still held; if not, another process may handle the message, too
   */
  public boolean done(Message message) {
    remove(message.number());
    return claims.release(message.lease());
  }

  private void remove(long number) {
    namespace.write(
        List.of(new Mutation.Delete(message(number)), new Mutation.Delete(attempts(number))));
  }

  /**
   * Returns a message that was not handled, so that it is taken again at once.
   *
   * @param message the message as it was taken or renewed
   */
  public void giveBack(Message message) {
    claims.release(message.lease());
  }

  /**
   * Returns a message that was not handled, so that it is taken again after a pause.
   *
   * @param message the message as it was taken or renewed
   * @param pause the time from now before which the message is not taken
   */
  public void giveBack(Message message, Duration pause) {
    claims.renew(message.lease(), pause);
  }

  /**
   * Makes a dead letter of a message that cannot be handled.
   *
   * @param message the message as it was taken or renewed
   * @param reason why, for the person who looks at it; its first 150 characters are kept
   * @return whether the lease was still held; if not, another process may handle the message, too
   */
  public boolean reject(Message message, String reason) {
    return bury(message, message.attempt(), reason);
  }

  /** Stores the dead letter first: a crash may leave the message in both places, never in none. */
  private boolean bury(Message message, long attempts, String reason) {
    Metadata metadata =
        new Form()
            .with("attempts", attempts)
            .with("at", clock.instant())
            .with("reason", reason.substring(0, Math.min(REASON_MAX, reason.length())))
            .metadata();
    namespace.put(
        deadLetter(message.number()), message.data(), WriteOptions.PLAIN.metadata(metadata));
    return done(message);
  }

  /**
   * Returns the dead letters in the order of their numbers. They are read page by page while the
   * stream is consumed.
   *
   * @return a sequential stream, which need not be closed
   */
  public Stream<DeadLetter> dead() {
    return Entries.stream(namespace, deadLetters(), Bytes.EMPTY).map(this::deadLetter);
  }

  private DeadLetter deadLetter(Entry entry) {
    Form form =
        Form.read(entry.metadata())
            .orElseThrow(
                () -> new InvalidRequestException(entry.key() + " is no dead letter of a queue"));
    return new DeadLetter(
        Long.parseLong(entry.key().name().substring(deadLetters().length())),
        entry.value().bytes(),
        form.number("attempts"),
        form.text("reason"),
        form.time("at"));
  }

  /**
   * Puts a dead letter back into the queue under its number. Its attempts are counted from 1 again.
   *
   * @param letter the dead letter
   */
  public void putBack(DeadLetter letter) {
    namespace.put(message(letter.number()), letter.data(), WriteOptions.PLAIN.metadata(Form.ALONE));
    remove(letter);
  }

  /**
   * Removes a dead letter. One that does not exist is not an error.
   *
   * @param letter the dead letter
   */
  public void remove(DeadLetter letter) {
    namespace.delete(deadLetter(letter.number()), Condition.ALWAYS);
  }

  /**
   * Returns the number of messages, including those that are being handled, without dead letters.
   * It takes time in proportion to their number.
   *
   * @return the number of messages
   */
  public long size() {
    return namespace.count(Bytes.utf8(messages()));
  }
}
