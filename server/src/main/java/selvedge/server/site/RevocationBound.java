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
 * The bound after which an edge without contact to its origin refuses tokens, because they may have
 * been revoked.
 *
 * <p>The last contact is the time at which the edge last had every change of its origin. It is
 * stored in a file, so that a restart does not extend the bound. One thread steps it; any thread
 * may read it.
 */
public final class RevocationBound implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationBound.class);
  private static final String NAME = "last-contact";
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** The least time between two writes of the file. A restart may extend the bound by it. */
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
   * @param age returns the age of the edge; empty if it is not known since its start
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

  /** Returns whether tokens are refused. */
  public boolean isPast() {
    return state == State.PAST;
  }

  /** Returns the message of a refusal. */
  public String reason() {
    return "this edge has had no contact to its origin for "
        + cutOff.toSeconds()
        + " s and accepts tokens for "
        + bound.toSeconds()
        + " s (revocation-bound-seconds): they may have been revoked";
  }

  /** Writes the member {@code revocation} of the status, if there is a bound. */
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
      case CURRENT -> LOG.info("the origin can be reached again, and tokens are accepted");
      case HALF ->
          LOG.warn(
              "the origin cannot be reached for {} s; after {} s tokens are refused",
              cutOff.toSeconds(),
              bound.toSeconds());
      case PAST -> LOG.error("tokens are refused: {}", reason());
    }
  }

  /** Returns the stored contact, or the current time if there is no file. After damage, 1970. */
  private Instant read() {
    try {
      if (!Files.exists(file)) {
        Instant now = clock.instant();
        write(now);
        return now;
      }
      return Instant.parse(Files.readString(file).strip());
    } catch (DateTimeException e) {
      LOG.warn("{} is damaged, so tokens are refused until the origin can be reached", file);
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
