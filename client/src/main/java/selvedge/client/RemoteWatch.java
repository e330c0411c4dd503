package selvedge.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import selvedge.model.Change;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.UnknownFrameException;

/**
 * A watch of a server's feed. When the connection breaks, it connects again and continues after the
 * last change. Belongs to one thread; another one may close it.
 */
final class RemoteWatch implements Watch {
  private static final int AHEAD = 256;
  private static final Duration WAIT = Duration.ofMillis(200);

  /** The number of missed heartbeats after which a connection is closed. */
  private static final int HEARTBEATS_MISSED_MAX = 3;

  /** The interval of servers that do not send it. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** The text of an opening: an id, an epoch and two versions. */
  private static final Pattern OPENING = Pattern.compile("[0-9a-f]{16}( [0-9]{1,19}){3}");

  private final Transport transport;
  private final String target;
  private final ArrayBlockingQueue<Event> events = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;

  /** The server that answered last. Used by the reader only. */
  private URI server = URI.create("");

  private Version version;

  /** The version that the reader has reached. Used by its thread only. */
  private Version reached;

  /** The epoch of that version, once a server has sent it. */
  private Optional<String> epoch = Optional.empty();

  /** The opening of that version; empty if the server sent none. */
  private String opening = "";

  private volatile @Nullable InputStream open;
  private volatile boolean closed;

  /** Whether the feed is open and not silent; true until the first attempt has failed. */
  private volatile boolean current = true;

  /** An element of the queue from the reader to the caller. */
  private sealed interface Event {
    record Changed(Change change) implements Event {}

    record Until(Version version) implements Event {}

    record Lost(SelvedgeException failure) implements Event {}

    record Closed() implements Event {}
  }

  /**
   * @param target path and query of the feed, to which the version is appended
   */
  RemoteWatch(Transport transport, String target, Version after) {
    this.transport = transport;
    this.target = target;
    this.version = after;
    this.reached = after;
    this.reader = Thread.ofVirtual().name("selvedge-watch").start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        follow();
      } catch (UnknownFrameException e) {
        current = false;
        put(new Event.Lost(Transport.unknownForm(server, e)));
        return;
      } catch (IOException e) {
        current = false;
        pause();
      } catch (SelvedgeException e) {
        current = false;
        if (e.remedy() != SelvedgeException.Remedy.TIME) {
          put(new Event.Lost(e));
          return;
        }
        pause();
      }
    }
  }

  private void follow() throws IOException {
    InputStream in = transport.send(request(), this::frames);
    open = in;
    try (in) {
      var messages = new MessageReader(in, MessageReader.IN_MEMORY);
      while (!closed) {
        Message next = messages.next();
        if (next instanceof Message.Changed changed) {
          reached = changed.change().version();
          put(new Event.Changed(changed.change()));
        } else if (next instanceof Message.Heartbeat heartbeat) {
          reached = heartbeat.version();
          current = true;
          put(new Event.Until(reached));
        } else if (next instanceof Message.Hello hello) {
          reached = hello.version();
          epoch = Optional.of(Long.toString(hello.epoch()));
          opening = OPENING.matcher(hello.opening()).matches() ? hello.opening() : "";
        } else if (next instanceof Message.End end) {
          throw new IOException(end.reason());
        }
      }
    }
  }

  /** The epoch is a parameter, because the header has that of the version of the session. */
  private ClientRequest request() {
    String after = named().map(number -> reached + "&epoch=" + number).orElse(reached.toString());
    ClientRequest read =
        ClientRequest.read("watch", target + after).with("Accept", "application/vnd.selvedge.feed");
    return opening.isEmpty() ? read : read.with("Selvedge-Openings", opening);
  }

  private Optional<String> named() {
    return epoch.or(() -> transport.epoch(reached));
  }

  private InputStream frames(HttpResponse<InputStream> answer) throws IOException {
    server = answer.uri().resolve("/");
    if (answer.statusCode() != 200) {
      transport.noteUnknown(answer, named());
      throw Failures.of(answer.statusCode(), Answers.body(answer));
    }
    return new BufferedInputStream(transport.patient(answer, silenceMax(answer)));
  }

  private static Duration silenceMax(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue("Selvedge-Heartbeat-Seconds")
        .filter(text -> text.length() < 5 && text.chars().allMatch(Character::isDigit))
        .map(text -> Duration.ofSeconds(Math.max(1, Long.parseLong(text))))
        .orElse(HEARTBEAT)
        .multipliedBy(HEARTBEATS_MISSED_MAX);
  }

  private void put(Event event) {
    try {
      events.put(event);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void pause() {
    try {
      Thread.sleep(WAIT);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public Optional<Change> next(Duration patience) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    while (true) {
      Event event = poll(deadline - System.nanoTime());
      if (event instanceof Event.Changed changed) {
        version = changed.change().version();
        return Optional.of(changed.change());
      } else if (event instanceof Event.Until until) {
        version = until.version();
      } else if (event instanceof Event.Lost lost) {
        put(lost);
        throw lost.failure();
      } else {
        return Optional.empty();
      }
    }
  }

  private @Nullable Event poll(long nanos) {
    if (closed) {
      return null;
    }
    try {
      return events.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public boolean isCurrent() {
    return current && !closed;
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    events.clear();
    events.offer(new Event.Closed());
    InputStream in = open;
    if (in != null) {
      try {
        in.close();
      } catch (IOException e) {
        // The reader ends in either case.
        return;
      }
    }
  }
}
