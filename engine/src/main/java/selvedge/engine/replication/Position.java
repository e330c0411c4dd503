package selvedge.engine.replication;

import java.time.Duration;
import java.time.Instant;
import selvedge.model.Version;

/**
 * How far a process is when it is asked.
 *
 * @param age how long ago it had everything that its origin had then; none at an origin
 * @param at its clock
 * @param opening the id of the newest opening that it has; 0 if it does not say so
 */
public record Position(long epoch, Version version, Duration age, Instant at, long opening) {

  /** The position of a process that does not name its newest opening. */
  public Position(long epoch, Version version, Duration age, Instant at) {
    this(epoch, version, age, at, 0);
  }
}
