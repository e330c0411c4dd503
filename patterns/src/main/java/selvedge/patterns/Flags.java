package selvedge.patterns;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Update;
import selvedge.model.WriteOptions;

/**
 * The feature flags of a program. Safe for use by many threads and processes.
 *
 * <p>An entry that cannot be read as a flag is off for every caller, is logged, and is replaced by
 * the next {@link #change}: one broken entry must not break the others or lock its operator out.
 *
 * {@snippet class="selvedge.examples.FlagsProgram" region="flags"}
 */
public final class Flags {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");

  private final Namespace namespace;
  private final String prefix;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * Creates the flags whose entries have a prefix, on the clock of the system.
   *
   * @param namespace the namespace of the flags
   * @param prefix the start of their keys
   */
  public Flags(Namespace namespace, String prefix) {
    this(namespace, prefix, new Random(), InstantSource.system());
  }

  /**
   * Creates flags with another clock and source of randomness.
   *
   * @param namespace the namespace of the flags
   * @param prefix the start of their keys
   * @param random places anonymous callers in shares; must be safe for use by many threads
   * @param clock the clock of schedules
   */
  public Flags(Namespace namespace, String prefix, RandomGenerator random, InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Returns whether a flag is on for an anonymous caller: for a flag with a share, at random for
   * that share of the calls. A flag that does not exist is off.
   *
   * @param name the name of the flag
   * @return whether it is on
   */
  public boolean isOn(String name) {
    return isOn(name, Caller.anonymous(), false);
  }

  /**
   * Returns whether a flag is on for a user. A flag that does not exist is off.
   *
   * @param name the name of the flag
   * @param user the name of the user
   * @return whether it is on
   */
  public boolean isOn(String name, String user) {
    return isOn(name, Caller.of(user), false);
  }

  /**
   * Returns whether a flag is on for a user.
   *
   * @param name the name of the flag
   * @param user the name of the user
   * @param otherwise the result for a flag that does not exist
   * @return whether it is on
   */
  public boolean isOn(String name, String user, boolean otherwise) {
    return isOn(name, Caller.of(user), otherwise);
  }

  /**
   * Returns whether a flag is on for a caller. A flag that does not exist is off.
   *
   * @param name the name of the flag
   * @param caller the caller, with the attributes that rules may require
   * @return whether it is on
   */
  public boolean isOn(String name, Caller caller) {
    return isOn(name, caller, false);
  }

  /**
   * Returns whether a flag is on for a caller.
   *
   * @param name the name of the flag
   * @param caller the caller, with the attributes that rules may require
   * @param otherwise the result for a flag that does not exist
   * @return whether it is on
   */
  public boolean isOn(String name, Caller caller, boolean otherwise) {
    return namespace
        .get(prefix + name)
        .map(stored -> isOn(decode(name, stored), caller))
        .orElse(otherwise);
  }

  private boolean isOn(Flag flag, Caller caller) {
    return flag.isOn(caller, clock.instant(), random);
  }

  /**
   * Returns a flag.
   *
   * @param name the name of the flag
   * @return {@link Flag#off(String)} if there is none
   */
  public Flag get(String name) {
    return namespace
        .get(prefix + name)
        .map(stored -> decode(name, stored))
        .orElseGet(() -> Flag.off(name));
  }

  private static Flag decode(String name, Bytes stored) {
    try {
      return Flag.CODEC.decode(stored);
    } catch (InvalidRequestException e) {
      LOG.log(System.Logger.Level.WARNING, "the flag \"{0}\" is off: {1}", name, e.getMessage());
      return Flag.off(name);
    }
  }

  /**
   * Changes a flag by compare-and-set and returns the changed flag.
   *
   * @param name the name of the flag, which need not exist
   * @param change receives the flag as it is; it may be called again when another process changed
   *     the flag meanwhile
   * @return the changed flag
   */
  public Flag change(String name, UnaryOperator<Flag> change) {
    return Update.run(
        namespace,
        Key.of(prefix + name),
        current -> {
          Flag changed =
              change.apply(
                  current
                      .map(entry -> decode(name, entry.value().bytes()))
                      .orElseGet(() -> Flag.off(name)));
          return Update.Decision.put(Flag.CODEC.encode(changed), WriteOptions.PLAIN, changed);
        });
  }

  /**
   * Removes a flag. One that does not exist is not an error.
   *
   * @param name the name of the flag
   */
  public void remove(String name) {
    namespace.delete(prefix + name);
  }

  /**
   * Returns all flags.
   *
   * @return the flags by name
   */
  public Map<String, Flag> all() {
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Flag> flags = new LinkedHashMap<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        String name = found.entry().key().name().substring(prefix.length());
        flags.put(name, decode(name, found.entry().value().bytes()));
      }
    }
    return flags;
  }

  /**
   * Returns for all flags whether they are on for a caller.
   *
   * @param caller the caller, with the attributes that rules may require
   * @return whether each flag is on, by name
   */
  public Map<String, Boolean> all(Caller caller) {
    Map<String, Boolean> on = new LinkedHashMap<>();
    all().forEach((name, flag) -> on.put(name, isOn(flag, caller)));
    return on;
  }
}
