package selvedge.engine.replication;

import java.time.Duration;
import java.time.Instant;
import selvedge.model.Version;

/**
 * How far a process is when it is asked.
 *
 * @param age how long ago it had everything that its origin had then; none at an origin
 * @param at its clock
 */
public record Position(long epoch, Version version, Duration age, Instant at) {}
