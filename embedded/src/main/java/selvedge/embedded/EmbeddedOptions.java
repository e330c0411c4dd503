package selvedge.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import selvedge.engine.Engine;
import selvedge.engine.EngineOptions;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.tls.Trust;

/**
 * What an embedded store goes by.
 *
 * @param clock by which entries expire
 * @param location what the status of an origin calls an edge
 * @param failed hears of a thread that has stopped, after which nothing changes any more
 * @param trust of an edge's connections to an https origin
 * @param patience for which a write waits for room in the queue of writes
 */
public record EmbeddedOptions(
    Limits limits,
    InstantSource clock,
    RandomGenerator random,
    String location,
    Engine.Failures failed,
    Trust trust,
    Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final System.Logger LOG = System.getLogger("selvedge.embedded");

  public EmbeddedOptions {
    if (!LOCATION.matcher(location).matches()) {
      throw new InvalidRequestException(
          "a location has letters, digits, dots, dashes and underscores, at most 64, not \""
              + location
              + "\"");
    }
  }

  EngineOptions engine(Path data) {
    return new EngineOptions(data, limits, clock, System::nanoTime, random, failed);
  }

  /** The usual limits, the system's clock, and failures told to the platform's logger. */
  public static EmbeddedOptions usual() {
    return new EmbeddedOptions(
        Limits.of(Profile.OPEN),
        InstantSource.system(),
        new SecureRandom(),
        "embedded",
        (thread, failure) ->
            LOG.log(System.Logger.Level.ERROR, thread + " stopped and will not go on", failure),
        Trust.usual(),
        PATIENCE);
  }

  public EmbeddedOptions clock(InstantSource given) {
    return new EmbeddedOptions(limits, given, random, location, failed, trust, patience);
  }

  public EmbeddedOptions limits(Limits given) {
    return new EmbeddedOptions(given, clock, random, location, failed, trust, patience);
  }

  public EmbeddedOptions location(String given) {
    return new EmbeddedOptions(limits, clock, random, given, failed, trust, patience);
  }

  /** Trusts other authorities than {@link Trust#usual}, or presents a certificate. */
  public EmbeddedOptions trust(Trust given) {
    return new EmbeddedOptions(limits, clock, random, location, failed, given, patience);
  }

  /** Returns options under which a write waits at most so long for room in the queue. */
  public EmbeddedOptions patience(Duration duration) {
    return new EmbeddedOptions(limits, clock, random, location, failed, trust, duration);
  }
}
