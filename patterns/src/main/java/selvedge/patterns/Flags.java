package selvedge.patterns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;

/**
 * The feature flags of a program. Safe for use by many threads and processes.
 *
 * <p>An entry that cannot be read as a flag is off for every user, is logged, and is replaced by
 * the next {@link #change}: one broken entry must not break the others or lock its operator out.
 *
 * {@snippet class="selvedge.examples.Tour" region="flags"}
 */
public final class Flags {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");

  private final Namespace namespace;
  private final String prefix;

  /**
   * Creates the flags whose entries have a prefix.
   *
   * @param namespace the namespace of the flags
   * @param prefix the start of their keys
   */
  public Flags(Namespace namespace, String prefix) {
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /**
   * Returns whether a flag is on for a user. A flag that does not exist is off.
   *
   * @param name the name of the flag
   * @param user the name of the user
   * @return whether it is on
   */
  public boolean isOn(String name, String user) {
    return isOn(name, user, false);
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
    return namespace
        .get(prefix + name)
        .map(stored -> decode(name, stored).isOnFor(user))
        .orElse(otherwise);
  }

  /**
   * Returns whether a flag is on for an anonymous caller: only if it is on for all users.
   *
   * @param name the name of the flag
   * @return whether it is on
   */
  public boolean isOnForAnybody(String name) {
    return get(name).isOnForAnybody();
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
   * Returns all flags for a user.
   *
   * @param user the name of the user
   * @return whether each flag is on, by name
   */
  public Map<String, Boolean> all(String user) {
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Boolean> flags = new LinkedHashMap<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        String name = found.entry().key().name().substring(prefix.length());
        flags.put(name, decode(name, found.entry().value().bytes()).isOnFor(user));
      }
    }
    return flags;
  }
}
