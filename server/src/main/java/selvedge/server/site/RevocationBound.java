package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.Worker;
import selvedge.model.Limit;
import selvedge.model.Limits;
import tools.jackson.core.JsonGenerator;

/**
 * How long an edge that is cut off honours tokens, which may have been revoked meanwhile.
 *
 * <p>The last contact is the moment up to which the edge had everything of its origin. It is kept
 * in a file, so that a restart does not begin the time anew. Belongs to one thread but for its
 * answers.
 */
public final class RevocationBound implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationBound.class);
  private static final String NAME = "last-contact";
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** The file is written no more often than this, so the time may come out so much longer. */
  private static final Duration STORED_EVERY = Duration.ofSeconds(1);

  private final boolean binds;
  private final Duration bound;
  private final Supplier<Optional<Duration>> age;
  private final Path file;
  private final InstantSource clock;
  private Instant contact;
  private Instant stored;
  private volatile State state = State.CURRENT;
  private volatile Duration cutOff = Duration.ZERO;

  private enum State {
    CURRENT,
    HALF,
    PAST
  }

  /**
   * @param data the directory of the edge
   * @param age how old the edge is, if that is known since its start
   */
  RevocationBound(Path data, Limits limits, Supplier<Optional<Duration>> age, InstantSource clock) {
    this.binds = limits.binds(Limit.REVOCATION_BOUND_SECONDS);
    this.bound = binds ? limits.seconds(Limit.REVOCATION_BOUND_SECONDS) : Duration.ZERO;
    this.age = age;
    this.file = data.resolve(NAME);
    this.clock = clock;
    this.contact = binds ? read() : Instant.EPOCH;
    this.stored = contact;
    if (binds) {
      step();
    }
  }

  /** Whether tokens are refused. Any thread may ask. */
  public boolean isPast() {
    return state == State.PAST;
  }

  /** What a refusal says. */
  public String reason() {
    return "this edge has not heard from its origin for "
        + cutOff.toSeconds()
        + " s and honours tokens for "
        + bound.toSeconds()
        + " s (revocation-bound-seconds): they may have been revoked";
  }

  /** Writes a member of the status, if there is a bound. */
  void write(JsonGenerator json) {
    if (binds) {
      json.writeObjectPropertyStart("revocation");
      json.writeNumberProperty("bound_seconds", bound.toSeconds());
      json.writeNumberProperty("cut_off_seconds", cutOff.toSeconds());
      json.writeBooleanProperty("refuses", isPast());
      json.writeEndObject();
    }
  }

  @Override
  public Duration step() {
    if (!binds) {
      return INTERVAL;
    }
    Optional<Duration> known = age.get();
    Instant now = clock.instant();
    known.ifPresent(each -> contact = now.minus(each));
    Duration since = known.orElseGet(() -> Duration.between(contact, now));
    cutOff = since.isNegative() ? Duration.ZERO : since;
    if (Duration.between(stored, contact).abs().compareTo(STORED_EVERY) >= 0) {
      store();
    }
    become(state(cutOff));
    return INTERVAL;
  }

  private State state(Duration since) {
    if (since.compareTo(bound) > 0) {
      return State.PAST;
    }
    return since.multipliedBy(2).compareTo(bound) > 0 ? State.HALF : State.CURRENT;
  }

  private void become(State next) {
    State before = state;
    state = next;
    if (next == before) {
      return;
    }
    switch (next) {
      case CURRENT -> LOG.info("the origin is in reach again, and tokens are honoured");
      case HALF ->
          LOG.warn(
              "the origin has been out of reach for {} s; after {} s tokens are refused",
              cutOff.toSeconds(),
              bound.toSeconds());
      case PAST -> LOG.error("tokens are refused: {}", reason());
    }
  }

  /** Without a file the time begins now; a damaged file says nothing, so tokens are refused. */
  private Instant read() {
    try {
      if (!Files.exists(file)) {
        Instant now = clock.instant();
        write(now);
        return now;
      }
      return Instant.parse(Files.readString(file).strip());
    } catch (DateTimeException e) {
      LOG.warn("{} is damaged, so tokens are refused until the origin is in reach", file);
      return Instant.EPOCH;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private void store() {
    try {
      write(contact);
      stored = contact;
    } catch (IOException e) {
      LOG.warn("the last contact with the origin cannot be stored in {}", file, e);
    }
  }

  private void write(Instant moment) throws IOException {
    Path next = file.resolveSibling(NAME + ".new");
    Files.writeString(next, moment + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
