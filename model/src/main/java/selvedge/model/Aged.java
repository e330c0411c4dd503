package selvedge.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The result of a read with its age.
 *
 * @param lookup the result
 * @param age the time since the result was certainly current; empty if that is not known
 */
public record Aged(Lookup lookup, Optional<Duration> age) {}
