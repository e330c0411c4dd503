package selvedge.engine;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.Limits;

/**
 * What an engine needs from the process that opens it.
 *
 * @param data the directory of the store
 * @param clock by which entries expire
 * @param ticks a clock in nanoseconds that only measures spans
 * @param keys encrypt the store, if there is one
 * @param failures receives the failures of background threads
 */
public record EngineOptions(
    Path data,
    Limits limits,
    InstantSource clock,
    LongSupplier ticks,
    RandomGenerator random,
    MasterKeys keys,
    Engine.Failures failures) {

  /** Describes an engine whose store is not encrypted. */
  public EngineOptions(
      Path data,
      Limits limits,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random,
      Engine.Failures failures) {
    this(data, limits, clock, ticks, random, MasterKeys.NONE, failures);
  }
}
