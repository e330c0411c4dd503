package selvedge.engine;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.model.Limits;

/**
 * What an engine needs from the process that opens it.
 *
 * @param data the directory of the store
 * @param clock by which entries expire
 * @param ticks a clock in nanoseconds that only measures spans
 * @param failures receives the failures of background threads
 */
public record EngineOptions(
    Path data,
    Limits limits,
    InstantSource clock,
    LongSupplier ticks,
    RandomGenerator random,
    Engine.Failures failures) {}
