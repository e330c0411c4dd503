package selvedge.patterns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The caller for whom a {@link Flag} is on or off. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #of} or {@link #anonymous}; {@link #attribute} returns a changed copy.
 */
public final class Caller {
  private static final Caller ANONYMOUS = new Caller(Optional.empty(), Map.of());

  private final Optional<String> user;
  private final Map<String, String> attributes;

  private Caller(Optional<String> user, Map<String, String> attributes) {
    this.user = user;
    this.attributes = Map.copyOf(attributes);
  }

  /**
   * Returns a caller with a name, who always receives the same result.
   *
   * @param user the name of the user
   * @return the caller
   */
  public static Caller of(String user) {
    return new Caller(Optional.of(user), Map.of());
  }

  /**
   * Returns a caller without a name. For each evaluation of a share, the caller is placed at random
   * inside or outside it.
   *
   * @return the caller
   */
  public static Caller anonymous() {
    return ANONYMOUS;
  }

  /**
   * Returns a copy with an attribute for {@link FlagRule#attribute}.
   *
   * @param name the name of the attribute, such as {@code country}
   * @param value its value, which replaces a value that was set before
   * @return the changed copy
   */
  public Caller attribute(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new Caller(user, more);
  }

  Optional<String> user() {
    return user;
  }

  Map<String, String> attributes() {
    return attributes;
  }
}
