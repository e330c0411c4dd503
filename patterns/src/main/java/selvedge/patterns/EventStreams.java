package selvedge.patterns;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.patterns.EventStore.Event;

/**
 * The keys of an {@link EventStore}, and the search for places in its streams. Safe for use by many
 * threads.
 */
final class EventStreams {
  private static final int NUMBER_DIGITS = 19;
  private static final int STREAMS_MAX = 10_000;

  private final Namespace namespace;
  private final String prefix;

  /** A number that each stream has reached, from which the search for its end begins. */
  private final ConcurrentHashMap<String, Long> reached = new ConcurrentHashMap<>();

  EventStreams(Namespace namespace, String prefix) {
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /** Returns the start of the keys of a stream. */
  String prefix(String stream) {
    if (stream.isEmpty() || stream.contains("/")) {
      throw new InvalidRequestException(
          "the name of a stream must have at least one character and no slash, got \""
              + stream
              + "\"");
    }
    return prefix + "event/" + stream + "/";
  }

  Key key(String stream, long number) {
    return Key.of(prefix(stream) + Names.padded(number, NUMBER_DIGITS));
  }

  Key snapshotKey(String stream) {
    return Key.of(prefix + "snapshot/" + stream);
  }

  /** Records a number that the stream has reached. */
  void reach(String stream, long number) {
    if (reached.size() >= STREAMS_MAX) {
      reached.clear();
    }
    reached.merge(stream, number, Math::max);
  }

  /** Returns the number of the last event; 0 if the stream has no events. */
  long last(String stream) {
    long low = reached.getOrDefault(stream, 0L);
    if (low == 0 || !exists(stream, low)) {
      reached.remove(stream);
      low = snapshotNumber(namespace.get(snapshotKey(stream), ReadOptions.STRONG).find());
    }
    long step = 1;
    while (exists(stream, low + step)) {
      low += step;
      step *= 2;
    }
    for (long high = low + step; high - low > 1; ) {
      long middle = low + (high - low) / 2;
      if (exists(stream, middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    reach(stream, low);
    return low;
  }

  private boolean exists(String stream, long number) {
    return namespace.get(key(stream, number), ReadOptions.STRONG) instanceof Lookup.Found;
  }

  /**
   * Returns the number of the first event from a time on; one past the last if there is none. It
   * searches by halving, because the times of a stream never decrease.
   */
  long firstFrom(String stream, Instant from) {
    long low = 1;
    long step = 1;
    long high = low;
    for (long next = after(stream, low, from); next > 0; next = after(stream, high, from)) {
      low = next;
      high = low + step;
      step *= 2;
    }
    while (low < high) {
      long middle = low + (high - low) / 2;
      long next = after(stream, middle, from);
      if (next > 0) {
        low = next;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Returns the number after the first event that has at least the given number, if that event is
   * before the time; 0 if it is not, or if there is none.
   */
  private long after(String stream, long number, Instant time) {
    Listing listing = Listing.prefix(prefix(stream), 1).from(key(stream, number).bytes());
    return namespace.list(listing).entries().stream()
        .map(listed -> event(listed.key(), Bytes.EMPTY, listed.metadata()))
        .filter(event -> event.at().isBefore(time))
        .mapToLong(event -> event.number() + 1)
        .findFirst()
        .orElse(0);
  }

  static Event event(Entry entry) {
    return event(entry.key(), entry.value(), entry.metadata());
  }

  /** Form 0 of an event has no metadata. */
  static Event event(Key key, Value value, Metadata metadata) {
    String name = key.name();
    long number = Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
    return Form.read(metadata)
        .map(
            form ->
                new Event(
                    number, form.text("type"), form.text("id"), form.time("at"), value.bytes()))
        .orElseGet(() -> new Event(number, "", "", Instant.EPOCH, value.bytes()));
  }

  /** Form 0 of a snapshot has the number in eight bytes before the state, and no metadata. */
  static long snapshotNumber(Optional<Entry> snapshot) {
    return snapshot
        .map(
            entry ->
                Form.read(entry.metadata())
                    .map(form -> form.number("number"))
                    .orElseGet(() -> entry.value().bytes().asReadOnlyBuffer().getLong()))
        .orElse(0L);
  }
}
