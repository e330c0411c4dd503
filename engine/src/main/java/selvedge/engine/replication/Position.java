package selvedge.engine.replication;

import java.time.Duration;
import java.time.Instant;
import selvedge.model.Version;
import selvedge.model.wire.ClockTime;

/**
 * The newest version of a server at the time of a request.
 *
 * @param age how long ago the server had every change of its origin; zero at an origin
 * @param at the time of the server's clock
 * @param opening the id of its newest opening; 0 if the server does not name it
 */
public record Position(long epoch, Version version, Duration age, Instant at, long opening) {

  public Position {
    ClockTime.require(at);
  }

  /** The position of a server that does not name its newest opening. */
  public Position(long epoch, Version version, Duration age, Instant at) {
    this(epoch, version, age, at, 0);
  }
}
