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
 * Streams of events, each with its number from 1 on and none missing. Safe for use by many threads
 * and processes.
 *
 * {@snippet class="selvedge.examples.Tour" region="events"}
 */
public record EventStore(Namespace namespace, String prefix) {
  private static final int KEYS_AT_ONCE = 100;

  /** An event with its number in its stream. */
  public record Event(long number, Bytes data) {}

  /** What became of an append. */
  public sealed interface Appended {

    /** The event has this number. */
    record At(long number) implements Appended {}

    /** The stream does not end where the writer thought. */
    record Conflict() implements Appended {}
  }

  private String streamPrefix(String stream) {
    if (stream.isEmpty() || stream.contains("/")) {
      throw new InvalidRequestException("the name of a stream has no slash and is not empty");
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
   * Appends an event behind another one.
   *
   * @param last the number of the last event that the writer knows of; 0 for an empty stream
   */
  public Appended append(String stream, long last, Bytes data) {
    if (last < 0) {
      throw new InvalidRequestException("events are numbered from 1 on");
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

  /** The events from a number on, in their order, some at a time as they are used. */
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
   * What a stream comes to: begins with the last snapshot, if there is one.
   *
   * @param codec of the state in snapshots
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
   * The state after an event.
   *
   * @param <S> the type of the state
   */
  public record Folded<S>(S state, long last) {}

  /** Keeps a state, so that the next fold begins there. An older one never replaces a newer one. */
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

  /** Follows a stream from a number on, those events that are there and those that are to come. */
  public Projection follow(String stream, long from) {
    Version start = namespace.latest();
    return new Projection(
        read(stream, from).iterator(),
        from,
        namespace.watch(Bytes.utf8(streamPrefix(stream)), start));
  }

  /** Events as they come, each once and in their order. Belongs to one thread. */
  public static final class Projection implements AutoCloseable {
    private final Iterator<Event> there;
    private final Watch watch;
    private long next;

    private Projection(Iterator<Event> there, long from, Watch watch) {
      this.there = there;
      this.next = Math.max(1, from);
      this.watch = watch;
    }

    /** The next event, and waits for it at most so long. */
    public Optional<Event> next(Duration patience) {
      if (there.hasNext()) {
        Event event = there.next();
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

    @Override
    public void close() {
      watch.close();
    }
  }
}
