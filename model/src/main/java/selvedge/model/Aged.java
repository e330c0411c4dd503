package selvedge.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What a read found, and how old that is.
 *
 * @param age how long ago it was all there was; empty if nobody knows
 */
public record Aged(Lookup lookup, Optional<Duration> age) {}
