package selvedge.patterns;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * Streams of events that are numbered from 1 without a gap. Safe for use by many threads and
 * processes; every method may block.
 *
 * {@snippet class="selvedge.examples.Tour" region="events"}
 */
public final class EventStore {
  private static final int KEYS_AT_ONCE = 100;

  private final Namespace namespace;
  private final String prefix;

  /**
   * Creates an event store.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   */
  public EventStore(Namespace namespace, String prefix) {
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /**
   * An event of a stream.
   *
   * @param number its number in the stream, from 1
   * @param data its content
   */
  public record Event(long number, Bytes data) {}

  /** The result of an append. */
  public sealed interface Appended {

    /**
     * The event was appended.
     *
     * @param number its number in the stream
     */
    record At(long number) implements Appended {}

    /** The stream does not end with the event that the writer named; nothing was appended. */
    record Conflict() implements Appended {}
  }

  private String streamPrefix(String stream) {
    if (stream.isEmpty() || stream.contains("/")) {
      throw new InvalidRequestException(
          "the name of a stream must have at least one character and no slash, got \""
              + stream
              + "\"");
    }
    return prefix + "event/" + stream + "/";
  }

  private Key key(String stream, long number) {
    return Key.of(streamPrefix(stream) + String.format("%019d", number));
  }

  private Key snapshotKey(String stream) {
    return Key.of(prefix + "snapshot/" + stream);
  }

  /**
   * Appends an event if the stream still ends with the event that the writer has seen last.
   *
   * @param stream the name of the stream, without a slash
   * @param last the number of the last event of the stream; 0 for an empty stream
   * @param data the content of the event
   * @return the number of the event, or a conflict if the stream ends elsewhere
   * @throws InvalidRequestException if the name is empty or has a slash, or the number is negative
   */
  public Appended append(String stream, long last, Bytes data) {
    if (last < 0) {
      throw new InvalidRequestException(
          "the number of the last event must not be negative, got " + last);
    }
    boolean follows =
        last == 0 || namespace.get(key(stream, last), ReadOptions.STRONG) instanceof Lookup.Found;
    if (!follows) {
      return new Appended.Conflict();
    }
    Outcome outcome = namespace.put(key(stream, last + 1), data, WriteOptions.PLAIN.ifAbsent());
    return outcome instanceof Outcome.Accepted
        ? new Appended.At(last + 1)
        : new Appended.Conflict();
  }

  /**
   * Returns the events from a number on, in their order. They are read page by page while the
   * stream is consumed.
   *
   * @param stream the name of the stream; one without events is not an error
   * @param from the first number; 1 for all events
   * @return a sequential stream, which need not be closed
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public Stream<Event> read(String stream, long from) {
    var reader = new Reader(stream, from);
    return Stream.generate(reader::next).takeWhile(Optional::isPresent).map(Optional::orElseThrow);
  }

  /** Walks a stream. Belongs to one thread. */
  private final class Reader {
    private final String stream;
    private final Deque<Event> read = new ArrayDeque<>();
    private long next;
    private boolean complete;

    Reader(String stream, long from) {
      this.stream = stream;
      this.next = Math.max(1, from);
    }

    Optional<Event> next() {
      if (read.isEmpty() && !complete) {
        fill();
      }
      return Optional.ofNullable(read.pollFirst());
    }

    private void fill() {
      Listing listing =
          Listing.prefix(streamPrefix(stream), KEYS_AT_ONCE).from(key(stream, next).bytes());
      Page page = namespace.list(listing);
      complete = page.complete();
      var keys = page.entries().stream().map(listed -> listed.key()).toList();
      for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
        if (lookup instanceof Lookup.Found found) {
          read.add(event(stream, found.entry()));
        }
      }
      if (!read.isEmpty()) {
        next = read.getLast().number() + 1;
      }
    }
  }

  private Event event(String stream, Entry entry) {
    String number = entry.key().name().substring(streamPrefix(stream).length());
    return new Event(Long.parseLong(number), entry.value().bytes());
  }

  /**
   * Computes the state of a stream: the last snapshot, if there is one, and the events after it.
   *
   * @param <S> the type of the state
   * @param stream the name of the stream; one without events is not an error
   * @param initial the state before the first event
   * @param codec decodes the state of a snapshot
   * @param step returns the state after an event
   * @return the state and the number of the last event in it
   * @throws InvalidRequestException if the name is empty or has a slash, or the codec cannot decode
   *     the snapshot
   */
  public <S> Folded<S> fold(
      String stream, S initial, Codec<S> codec, BiFunction<S, Event, S> step) {
    Folded<S> folded = new Folded<>(initial, 0);
    if (namespace.get(snapshotKey(stream)) instanceof Lookup.Found found) {
      ByteBuffer buffer = found.entry().value().bytes().asReadOnlyBuffer();
      long number = buffer.getLong();
      byte[] state = new byte[buffer.remaining()];
      buffer.get(state);
      folded = new Folded<>(codec.decode(Bytes.adopt(state)), number);
    }
    for (Event event : (Iterable<Event>) read(stream, folded.last() + 1)::iterator) {
      folded = new Folded<>(step.apply(folded.state(), event), event.number());
    }
    return folded;
  }

  /**
   * The state of a stream after an event.
   *
   * @param <S> the type of the state
   * @param state the state
   * @param last the number of the event; 0 before the first one
   */
  public record Folded<S>(S state, long last) {}

  /**
   * Stores a state as the snapshot with which the next {@link #fold} begins. It never replaces a
   * newer snapshot, which is not an error.
   *
   * @param <S> the type of the state
   * @param stream the name of the stream
   * @param folded the state as it was computed
   * @param codec encodes the state
   */
  public <S> void snapshot(String stream, Folded<S> folded, Codec<S> codec) {
    Bytes state = codec.encode(folded.state());
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + state.size());
    buffer.putLong(folded.last()).put(state.asReadOnlyBuffer());
    Update.run(
        namespace,
        snapshotKey(stream),
        current -> {
          long before =
              current.map(entry -> entry.value().bytes().asReadOnlyBuffer().getLong()).orElse(0L);
          return before > folded.last()
              ? Update.Decision.leave(false)
              : Update.Decision.put(Bytes.adopt(buffer.array()), WriteOptions.PLAIN, true);
        });
  }

  /**
   * Follows a stream: the events that exist and those that are appended later.
   *
   * @param stream the name of the stream
   * @param from the first number; 1 for all events
   * @return the events, which the caller must close
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public Projection follow(String stream, long from) {
    Version start = namespace.latest();
    return new Projection(
        read(stream, from).iterator(),
        from,
        namespace.watch(Bytes.utf8(streamPrefix(stream)), start));
  }

  /**
   * The events of a stream, each once and in their order, including those that are appended later.
   * Belongs to one thread; another one may close it.
   */
  public static final class Projection implements AutoCloseable {
    private final Iterator<Event> existing;
    private final Watch watch;
    private long next;

    private Projection(Iterator<Event> existing, long from, Watch watch) {
      this.existing = existing;
      this.next = Math.max(1, from);
      this.watch = watch;
    }

    /**
     * Returns the next event, and waits for it if necessary.
     *
     * @param patience the longest time to wait
     * @return empty if no event was appended in that time
     * @throws selvedge.model.WatchLostException if the changes can no longer be followed: follow
     *     the stream again from the next number
     */
    public Optional<Event> next(Duration patience) {
      if (existing.hasNext()) {
        Event event = existing.next();
        next = event.number() + 1;
        return Optional.of(event);
      }
      while (true) {
        var change = watch.next(patience);
        if (change.isEmpty()) {
          return Optional.empty();
        }
        if (change.get().mutation() instanceof Mutation.Put put) {
          String name = put.key().name();
          long number = Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
          if (number >= next) {
            next = number + 1;
            return Optional.of(new Event(number, put.value().bytes()));
          }
        }
      }
    }

    /** Ends the watch of the stream. */
    @Override
    public void close() {
      watch.close();
    }
  }
}
