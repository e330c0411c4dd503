package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.ReadOptions;
import selvedge.model.Update;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * Streams of events that are numbered from 1 without a gap. Safe for use by many threads and
 * processes; every method may block.
 *
 * {@snippet class="selvedge.examples.EventsProgram" region="events"}
 */
public final class EventStore {
  private static final int ID_BYTES = 16;
  private static final int TRIES_MAX = 10_000;

  private final Namespace namespace;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final EventStreams streams;

  /**
   * Creates an event store on the clock of the system, with ids from a {@link SecureRandom}.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   */
  public EventStore(Namespace namespace, String prefix) {
    this(namespace, prefix, new SecureRandom(), InstantSource.system());
  }

  /**
   * Creates an event store with another clock and source of ids.
   *
   * @param namespace the namespace of its entries
   * @param prefix the start of their keys
   * @param random draws the ids of events; must be safe for use by many threads
   * @param clock the clock by which events have times
   */
  public EventStore(
      Namespace namespace, String prefix, RandomGenerator random, InstantSource clock) {
    this.namespace = namespace;
    this.random = random;
    this.clock = clock;
    this.streams = new EventStreams(namespace, prefix);
  }

  /**
   * An event of a stream.
   *
   * @param number its number in the stream, from 1
   * @param type its type; empty if it has none
   * @param id identifies it beyond its stream; empty for an event of form 0
   * @param at the time at which it was appended, never before that of the event with the number
   *     before; 1970 for an event of form 0
   * @param data its content
   */
  public record Event(long number, String type, String id, Instant at, Bytes data) {}

  /**
   * An event that is to be appended.
   *
   * @param type its type; empty for none. Type and id together may have about 900 bytes
   * @param id identifies the event; empty for a random id
   * @param data its content
   */
  public record Draft(String type, String id, Bytes data) {

    /**
     * Returns an event with a random id.
     *
     * @param type its type; empty for none
     * @param data its content
     * @return the event
     */
    public static Draft of(String type, Bytes data) {
      return new Draft(type, "", data);
    }
  }

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

  /**
   * Appends an event without a type if the stream still ends with the event that the writer has
   * seen last.
   *
   * @param stream the name of the stream, without a slash
   * @param last the number of the last event of the stream; 0 for an empty stream
   * @param data the content of the event
   * @return the number of the event, or a conflict if the stream ends elsewhere
   * @throws InvalidRequestException if the name is empty or has a slash, or the number is negative
   */
  public Appended append(String stream, long last, Bytes data) {
    return append(stream, last, Draft.of("", data));
  }

  /**
   * Appends an event if the stream still ends with the event that the writer has seen last.
   *
   * <p>A writer that repeats an append with the id of its draft appends the event once: the second
   * append returns the number of the first one.
   *
   * @param stream the name of the stream, without a slash
   * @param last the number of the last event of the stream; 0 for an empty stream
   * @param draft the event
   * @return the number of the event, or a conflict if the stream ends elsewhere
   * @throws InvalidRequestException if the name is empty or has a slash, or the number is negative
   * @throws selvedge.model.LimitExceededException if type and id, or the content are too large
   */
  public Appended append(String stream, long last, Draft draft) {
    if (last < 0) {
      throw new InvalidRequestException(
          "the number of the last event must not be negative, got " + last);
    }
    Optional<Event> before = find(stream, last);
    if (last > 0 && before.isEmpty()) {
      return new Appended.Conflict();
    }
    boolean appended =
        put(stream, last + 1, draft, before).isPresent()
            || (!draft.id().isEmpty()
                && find(stream, last + 1)
                    .filter(event -> event.id().equals(draft.id()))
                    .isPresent());
    return appended ? new Appended.At(last + 1) : new Appended.Conflict();
  }

  private Optional<Event> find(String stream, long number) {
    if (number == 0) {
      return Optional.empty();
    }
    return namespace
        .get(streams.key(stream, number), ReadOptions.STRONG)
        .find()
        .map(EventStreams::event);
  }

  private Optional<Event> put(String stream, long number, Draft draft, Optional<Event> before) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant at = before.map(Event::at).filter(now::isBefore).orElse(now);
    String id = draft.id().isEmpty() ? Names.random(random, ID_BYTES) : draft.id();
    Metadata metadata =
        new Form().with("type", draft.type()).with("id", id).with("at", at).metadata();
    Outcome outcome =
        namespace.put(
            streams.key(stream, number),
            draft.data(),
            WriteOptions.PLAIN.metadata(metadata).ifAbsent());
    streams.reach(stream, number);
    return outcome.isAccepted()
        ? Optional.of(new Event(number, draft.type(), id, at, draft.data()))
        : Optional.empty();
  }

  /**
   * Appends an event at the end of the stream, wherever it is.
   *
   * @param stream the name of the stream, without a slash
   * @param type the type of the event; empty for none
   * @param data its content
   * @return the event as it was appended
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public Event append(String stream, String type, Bytes data) {
    return append(stream, Draft.of(type, data));
  }

  /**
   * Appends an event at the end of the stream, wherever it is. An append that is repeated after a
   * lost answer may append the event twice; its id tells that.
   *
   * @param stream the name of the stream, without a slash
   * @param draft the event
   * @return the event as it was appended
   * @throws InvalidRequestException if the name is empty or has a slash
   * @throws OverloadedException if other writers were faster 10,000 times in a row
   */
  public Event append(String stream, Draft draft) {
    for (int i = 0; i < TRIES_MAX; i++) {
      long last = last(stream);
      Optional<Event> appended = put(stream, last + 1, draft, find(stream, last));
      if (appended.isPresent()) {
        return appended.get();
      }
    }
    throw new OverloadedException(
        "other writers have appended to \"" + stream + "\" " + TRIES_MAX + " times in a row");
  }

  /**
   * Returns the number of the last event of a stream. It reads about twice as many events as the
   * number has binary digits, and fewer if this object knows an earlier number.
   *
   * @param stream the name of the stream, without a slash
   * @return the number; 0 if the stream has no events
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public long last(String stream) {
    return streams.last(stream);
  }

  /**
   * Returns the events from a number on, in order, which are read while the stream is consumed.
   *
   * @param stream the name of the stream; one without events is not an error
   * @param from the first number; 1 for all events
   * @return a sequential stream, which need not be closed
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public Stream<Event> read(String stream, long from) {
    return Entries.stream(
            namespace, streams.prefix(stream), streams.key(stream, Math.max(1, from)).bytes())
        .map(EventStreams::event);
  }

  /**
   * Returns the events from a time on, in their order.
   *
   * @param stream the name of the stream; one without events is not an error
   * @param from the earliest time
   * @return a sequential stream, which need not be closed
   * @throws InvalidRequestException if the name is empty or has a slash
   */
  public Stream<Event> readFrom(String stream, Instant from) {
    return read(stream, streams.firstFrom(stream, from));
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
    Folded<S> folded = latestSnapshot(stream, codec).orElse(new Folded<>(initial, 0));
    for (Event event : (Iterable<Event>) read(stream, folded.last() + 1)::iterator) {
      folded = new Folded<>(step.apply(folded.state(), event), event.number());
    }
    return folded;
  }

  /**
   * Returns the state that was stored last by {@link #snapshot}.
   *
   * @param <S> the type of the state
   * @param stream the name of the stream
   * @param codec decodes the state
   * @return empty if the stream has no snapshot
   * @throws InvalidRequestException if the codec cannot decode the snapshot
   */
  public <S> Optional<Folded<S>> latestSnapshot(String stream, Codec<S> codec) {
    return namespace
        .get(streams.snapshotKey(stream))
        .find()
        .map(
            entry -> {
              Bytes value = entry.value().bytes();
              boolean isForm0 = Form.read(entry.metadata()).isEmpty();
              Bytes state = isForm0 ? value.slice(Long.BYTES, value.size() - Long.BYTES) : value;
              return new Folded<>(
                  codec.decode(state), EventStreams.snapshotNumber(Optional.of(entry)));
            });
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
    WriteOptions options =
        WriteOptions.PLAIN.metadata(new Form().with("number", folded.last()).metadata());
    Update.run(
        namespace,
        streams.snapshotKey(stream),
        current ->
            EventStreams.snapshotNumber(current) > folded.last()
                ? Update.Decision.leave(false)
                : Update.Decision.put(codec.encode(folded.state()), options, true));
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
        namespace.watch(Bytes.utf8(streams.prefix(stream)), start));
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
          Event event = EventStreams.event(put.key(), put.value(), put.metadata());
          if (event.number() >= next) {
            next = event.number() + 1;
            return Optional.of(event);
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
