package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Key;
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
 * {@snippet class="selvedge.examples.QueueProgram" region="queue"}
 */
public final class WorkQueue {
  private static final int NUMBER_DIGITS = 19;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Namespace namespace;
  private final String prefix;
  private final Locks claims;

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
   * @param clock the clock by which {@link Lease#until} is given
   */
  public WorkQueue(
      Namespace namespace, String prefix, RandomGenerator random, InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.claims = new Locks(namespace, prefix + "claim/", random, clock);
  }

  /**
   * A message that was taken.
   *
   * @param number its number in the queue, which grows with each message
   * @param data its content
   * @param lease the time for which no other process takes it, with a fencing token
   */
  public record Message(long number, Bytes data, Lease lease) {}

  private String messages() {
    return prefix + "message/";
  }

  private Key key(String name) {
    return Key.of(messages() + name);
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
    namespace.put(
        key(Names.padded(number, NUMBER_DIGITS)), data, WriteOptions.PLAIN.metadata(Form.ALONE));
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
    Optional<Entry> entry =
        claim.flatMap(held -> namespace.get(key(name), ReadOptions.STRONG).find());
    if (entry.isEmpty()) {
      claim.ifPresent(claims::release);
    }
    return entry.flatMap(
        found -> claim.map(held -> new Message(Long.parseLong(name), found.value().bytes(), held)));
  }

  /**
   * Takes the first message that no process holds, and waits for one.
   *
   * @param lease the time after which the message is taken again, if it is not done
   * @param patience the longest time to wait
   * @return the message, or empty if there was none in that time
   */
  public Optional<Message> take(Duration lease, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
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
        .map(renewed -> new Message(message.number(), message.data(), renewed));
  }

  /**
   * Removes a message that was handled.
   *
   * @param message the message as it was taken or renewed
   * @return whether the lease was still held; if not, another process may handle the message, too
   */
  public boolean done(Message message) {
    namespace.delete(key(Names.padded(message.number(), NUMBER_DIGITS)), Condition.ALWAYS);
    return claims.release(message.lease());
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
   * Returns the number of messages, including those that are being handled. It takes time in
   * proportion to their number.
   *
   * @return the number of messages
   */
  public long size() {
    return namespace.count(Bytes.utf8(messages()));
  }
}
