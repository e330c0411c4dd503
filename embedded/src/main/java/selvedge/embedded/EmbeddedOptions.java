package selvedge.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import selvedge.engine.EngineOptions;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.tls.Trust;

/**
 * Options of an embedded store or edge. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #usual}; each method with an argument returns a changed copy. Further
 * options may be added in later versions.
 */
public final class EmbeddedOptions {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final System.Logger LOG = System.getLogger("selvedge.embedded");

  private Limits limits = Limits.of(Profile.OPEN);
  private InstantSource clock = InstantSource.system();
  private RandomGenerator random = new SecureRandom();
  private String location = "embedded";
  private String token = "";
  private MasterKeys keys = MasterKeys.NONE;
  private BiConsumer<String, Throwable> failed = EmbeddedOptions::log;
  private Trust trust = Trust.usual();
  private Duration patience = PATIENCE;

  private EmbeddedOptions() {}

  private EmbeddedOptions(EmbeddedOptions other) {
    this.limits = other.limits;
    this.clock = other.clock;
    this.random = other.random;
    this.location = other.location;
    this.token = other.token;
    this.keys = other.keys;
    this.failed = other.failed;
    this.trust = other.trust;
    this.patience = other.patience;
  }

  private static void log(String thread, Throwable failure) {
    LOG.log(System.Logger.Level.ERROR, "the thread " + thread + " has stopped for good", failure);
  }

  /**
   * Returns options with the limits of the profile {@link Profile#OPEN} and the clock of the
   * system. Failures are logged to the {@link System.Logger} {@code selvedge.embedded}.
   *
   * @return the options
   */
  public static EmbeddedOptions usual() {
    return new EmbeddedOptions();
  }

  Limits limits() {
    return limits;
  }

  InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  String location() {
    return location;
  }

  /** Returns the token for the origin; empty if there is none. */
  String token() {
    return token;
  }

  MasterKeys keys() {
    return keys;
  }

  Trust trust() {
    return trust;
  }

  Duration patience() {
    return patience;
  }

  EngineOptions engine(Path data) {
    return new EngineOptions(data, limits, clock, System::nanoTime, random, keys, failed::accept);
  }

  /**
   * Returns a copy with another clock.
   *
   * @param changed the clock by which entries expire
   * @return the changed copy
   */
  public EmbeddedOptions clock(InstantSource changed) {
    var copy = new EmbeddedOptions(this);
    copy.clock = changed;
    return copy;
  }

  /**
   * Returns a copy with other limits.
   *
   * @param changed the limits of the store
   * @return the changed copy
   */
  public EmbeddedOptions limits(Limits changed) {
    var copy = new EmbeddedOptions(this);
    copy.limits = changed;
    return copy;
  }

  /**
   * Returns a copy with another source of the ids that a store gives to itself and its account.
   *
   * @param changed a generator that is safe for use by many threads
   * @return the changed copy
   */
  public EmbeddedOptions random(RandomGenerator changed) {
    var copy = new EmbeddedOptions(this);
    copy.random = changed;
    return copy;
  }

  /**
   * Returns a copy with another name under which the status of the origin shows this edge.
   *
   * @param changed from 1 to 64 letters, digits, dots, dashes and underscores
   * @return the changed copy
   * @throws InvalidRequestException if the name has other characters or another length
   */
  public EmbeddedOptions location(String changed) {
    if (!LOCATION.matcher(changed).matches()) {
      throw new InvalidRequestException(
          "a location must be 1 to 64 letters, digits, dots, dashes or underscores, got \""
              + changed
              + "\"");
    }
    var copy = new EmbeddedOptions(this);
    copy.location = changed;
    return copy;
  }

  /**
   * Returns a copy with the token of an edge for its origin. A store ignores it.
   *
   * @param changed a token with the right {@code replicate} or {@code admin} on everything
   * @return the changed copy
   * @throws InvalidRequestException if the token is empty
   */
  public EmbeddedOptions token(String changed) {
    if (changed.isEmpty()) {
      throw new InvalidRequestException(
          "the token must not be empty: leave it out for an origin without authentication");
    }
    var copy = new EmbeddedOptions(this);
    copy.token = changed;
    return copy;
  }

  /**
   * Returns a copy that encrypts the store under a master key. A store that exists is encrypted in
   * the background. It cannot be opened without the key afterwards.
   *
   * @param changed the source of the key, such as {@link MasterKeys#file}
   * @return the changed copy
   */
  public EmbeddedOptions encryption(MasterKeys changed) {
    var copy = new EmbeddedOptions(this);
    copy.keys = changed;
    return copy;
  }

  /**
   * Returns a copy with another handler of fatal failures. After such a failure, every write
   * throws.
   *
   * @param changed receives the name of the thread that has stopped and the cause, on that thread
   * @return the changed copy
   */
  public EmbeddedOptions failed(BiConsumer<String, Throwable> changed) {
    var copy = new EmbeddedOptions(this);
    copy.failed = changed;
    return copy;
  }

  /**
   * Returns a copy that trusts other authorities than {@link Trust#usual}, or presents a
   * certificate of its own. A store ignores it.
   *
   * @param changed the trust of an edge's connections to an https origin
   * @return the changed copy
   */
  public EmbeddedOptions trust(Trust changed) {
    var copy = new EmbeddedOptions(this);
    copy.trust = changed;
    return copy;
  }

  /**
   * Returns a copy with another time for which a write waits for room in the queue, 30 seconds by
   * default. After that time the write throws an {@link selvedge.model.OverloadedException}.
   *
   * @param changed the longest time to wait; zero to wait for none
   * @return the changed copy
   */
  public EmbeddedOptions patience(Duration changed) {
    var copy = new EmbeddedOptions(this);
    copy.patience = changed;
    return copy;
  }
}
