package selvedge.server.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Page;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The newest administrative acts, in the order of their numbers. Each is an entry of the system
 * namespace, so edges and backups have them too. Safe for use by many threads.
 */
public final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final String PREFIX = "audit/";
  private static final int DIGITS = 20;
  private static final int PAGE_KEYS = 1000;

  /** The number of newest acts among which a repeated act of an edge is found. */
  private static final int REPEATED_MAX = 200;

  private final Namespace system;
  private final long most;
  private final ReentrantLock lock = new ReentrantLock();

  /** The number of the newest act; empty until this process records one. */
  private OptionalLong newest = OptionalLong.empty();

  private final RefusedActs refused = new RefusedActs();

  /** An act and its number. */
  public record Numbered(long number, Act act) {}

  /**
   * @param system the namespace of the server itself, which must be writable for {@link #add}
   */
  public Audit(Namespace system, Limits limits) {
    this.system = system;
    this.most = limits.get(Limit.AUDIT_RECORDS);
  }

  private long newestNumber() {
    long number = 0;
    Listing listing = Listing.prefix(PREFIX, PAGE_KEYS);
    boolean complete = false;
    while (!complete) {
      Page page = system.list(listing);
      for (Listed listed : page.entries()) {
        number = number(listed.key());
        listing = listing.after(listed.key());
      }
      complete = page.complete();
    }
    return number;
  }

  private static long number(Key key) {
    return Long.parseLong(key.bytes().utf8().substring(PREFIX.length()));
  }

  private static Key key(long number) {
    return Key.of(PREFIX + String.format(Locale.ROOT, "%0" + DIGITS + "d", number));
  }

  /**
   * Records the act durably and deletes the oldest one over the limit. A failure is logged and not
   * thrown: the act has happened. Of refused acts only a few per minute are recorded.
   *
   * @return the act as it is recorded; empty if it is left out
   */
  public Optional<Act> add(Act act) {
    lock.lock();
    try {
      Optional<Act> recorded = refused.filter(act);
      recorded.ifPresent(this::store);
      return recorded;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records acts of an edge, except those that it has sent before. The edge has already bounded the
   * refused ones.
   */
  public void addReported(List<Act> acts) {
    lock.lock();
    try {
      long last = newest.orElseGet(this::newestNumber);
      List<Act> before =
          list(Math.max(0, last - REPEATED_MAX), REPEATED_MAX).stream().map(Numbered::act).toList();
      acts.stream().filter(act -> !before.contains(act)).forEach(this::store);
    } finally {
      lock.unlock();
    }
  }

  private void store(Act act) {
    try {
      long number = newest.orElseGet(this::newestNumber) + 1;
      system.put(key(number), ActCodec.encode(act), WriteOptions.PLAIN);
      newest = OptionalLong.of(number);
      if (number > most) {
        system.delete(key(number - most), Condition.ALWAYS);
      }
    } catch (SelvedgeException e) {
      LOG.error("an administrative act could not be recorded: {}", e.getMessage());
    }
  }

  /**
   * Reads the members of an act.
   *
   * @throws java.time.DateTimeException if there is no valid time
   */
  public static Act read(JsonNode json) {
    return ActCodec.read(json);
  }

  /** Writes the act as members of the current JSON object. */
  public static void write(JsonGenerator json, Act act) {
    ActCodec.write(json, act);
  }

  /** Writes the act and its number as members of the current JSON object. */
  public static void write(JsonGenerator json, Numbered act) {
    json.writeNumberProperty("number", act.number());
    ActCodec.write(json, act.act());
  }

  /**
   * Returns acts, oldest first.
   *
   * @param after the number before the first one; 0 for the oldest that is kept
   */
  public List<Numbered> list(long after, int count) {
    List<Numbered> acts = new ArrayList<>();
    Page page = system.list(Listing.prefix(PREFIX, count).after(key(after)));
    for (Listed listed : page.entries()) {
      if (system.get(listed.key()) instanceof Lookup.Found found) {
        acts.add(
            new Numbered(number(listed.key()), ActCodec.decode(found.entry().value().bytes())));
      }
    }
    return acts;
  }
}
