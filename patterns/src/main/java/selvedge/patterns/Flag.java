package selvedge.patterns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/**
 * A feature that is on for some callers and off for the others. Immutable.
 *
 * @param enabled whether the feature may be on at all; while it is false, it is off for every
 *     caller
 * @param rules an enabled flag is on for a caller whom any of the rules matches
 * @param salt decides together with the name of a user who belongs to a share
 * @param metadata texts for people and tools, such as an owner; they do not affect the flag
 */
public record Flag(
    boolean enabled, List<FlagRule> rules, String salt, Map<String, String> metadata) {

  /** The stored form 1: a JSON object. It also reads form 0. */
  public static final Codec<Flag> CODEC = Codec.of(StoredFlag::encode, StoredFlag::decode);

  /**
   * Checks and copies the parts of a flag.
   *
   * @throws InvalidRequestException if the salt contains a control character or is not Unicode
   */
  public Flag {
    rules = List.copyOf(rules);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    requireOneLine("salt", salt);
  }

  static void requireOneLine(String part, String text) {
    if (!isOneLine(text)) {
      throw new InvalidRequestException(
          "the %s of a flag must contain no control character and no lone surrogate"
              .formatted(part));
    }
  }

  static boolean isOneLine(String text) {
    return text.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  /**
   * Returns a flag that is off for every caller.
   *
   * @param name the name of the flag, which becomes the salt
   * @return the flag
   */
  public static Flag off(String name) {
    return new Flag(false, List.of(), name, Map.of());
  }

  /**
   * Returns the users whom a rule of their own matches.
   *
   * @return the names of the users, in their order
   */
  public Set<String> users() {
    Set<String> users = new TreeSet<>();
    rules.forEach(
        rule -> {
          if (rule instanceof FlagRule.Users some) {
            users.addAll(some.users());
          }
        });
    return Collections.unmodifiableSet(users);
  }

  /**
   * Returns the share of callers for whom the flag is on without another condition.
   *
   * @return from 0 to 100 percent
   */
  public double percent() {
    return rules.stream()
        .mapToDouble(rule -> rule instanceof FlagRule.Share share ? share.percent() : 0)
        .max()
        .orElse(0);
  }

  /**
   * Returns this flag, enabled and with another share.
   *
   * @param share from 0 to 100 percent; 0 for no share
   * @return the changed flag
   * @throws InvalidRequestException if the share is not from 0 to 100
   */
  public Flag rolledOutTo(double share) {
    List<FlagRule> changed = rulesExcept(FlagRule.Share.class::isInstance);
    FlagRule rule = FlagRule.percent(share);
    if (share > 0) {
      changed.add(rule);
    }
    return new Flag(true, changed, salt, metadata);
  }

  private List<FlagRule> rulesExcept(Predicate<FlagRule> removed) {
    return new ArrayList<>(rules.stream().filter(removed.negate()).toList());
  }

  /**
   * Returns this flag, enabled and on for one more user.
   *
   * <p>A flag that was off is then on for this user only: its other rules are removed. Call {@link
   * #on} first to keep them.
   *
   * @param user the name of the user
   * @return the changed flag
   * @throws InvalidRequestException if the name contains a control character or is not Unicode
   */
  public Flag allowing(String user) {
    Set<String> more = new TreeSet<>(enabled ? users() : Set.of());
    more.add(user);
    return (enabled ? this : new Flag(true, List.of(), salt, metadata)).withUsers(more);
  }

  private Flag withUsers(Set<String> users) {
    List<FlagRule> changed = rulesExcept(FlagRule.Users.class::isInstance);
    if (!users.isEmpty()) {
      changed.addFirst(new FlagRule.Users(users));
    }
    return new Flag(enabled, changed, salt, metadata);
  }

  /**
   * Returns this flag without one of its allowed users, whom another rule may still match.
   *
   * @param user the name of the user; one who is not allowed is not an error
   * @return the changed flag
   */
  public Flag withdrawing(String user) {
    Set<String> fewer = new TreeSet<>(users());
    fewer.remove(user);
    return withUsers(fewer);
  }

  /**
   * Returns this flag, enabled and on for the callers whom one more rule matches.
   *
   * <p>A flag that was off is then on for these callers only: its other rules are removed. Call
   * {@link #on} first to keep them.
   *
   * @param rule the rule; one that the flag has is not an error
   * @return the changed flag
   */
  public Flag allowing(FlagRule rule) {
    List<FlagRule> more = enabled ? rulesExcept(rule::equals) : new ArrayList<>();
    more.add(rule);
    return new Flag(true, more, salt, metadata);
  }

  /**
   * Returns this flag without a rule. Callers whom another rule matches keep it.
   *
   * @param rule the rule; one that the flag does not have is not an error
   * @return the changed flag
   */
  public Flag withdrawing(FlagRule rule) {
    return new Flag(enabled, rulesExcept(rule::equals), salt, metadata);
  }

  /**
   * Returns this flag with a text for people and tools.
   *
   * @param name the name of the text, such as {@code owner}
   * @param text the text, which replaces one of the same name
   * @return the changed flag
   */
  public Flag metadata(String name, String text) {
    Map<String, String> changed = new LinkedHashMap<>(metadata);
    changed.put(name, text);
    return new Flag(enabled, rules, salt, changed);
  }

  /**
   * Returns this flag, off for every caller. The rules are kept for {@link #on}.
   *
   * @return the changed flag
   */
  public Flag off() {
    return new Flag(false, rules, salt, metadata);
  }

  /**
   * Returns this flag, enabled with the rules that it has.
   *
   * @return the changed flag
   */
  public Flag on() {
    return new Flag(true, rules, salt, metadata);
  }

  /**
   * Returns whether the flag is on for a caller. The result for a user is the same in every
   * process.
   *
   * @param caller the caller
   * @param now the moment for schedules
   * @param random places an anonymous caller inside or outside a share
   * @return whether it is on
   */
  public boolean isOn(Caller caller, Instant now, RandomGenerator random) {
    if (!enabled) {
      return false;
    }
    // One position for all rules: a caller inside a share is inside every larger one.
    double position = caller.user().map(this::position).orElseGet(() -> random.nextDouble() * 100);
    return rules.stream().anyMatch(rule -> isMatch(rule, caller, position, now));
  }

  private static boolean isMatch(FlagRule rule, Caller caller, double position, Instant now) {
    return switch (rule) {
      case FlagRule.Users(Set<String> users) -> caller.user().filter(users::contains).isPresent();
      case FlagRule.Share(double percent) -> position < percent;
      case FlagRule.Schedule(Instant from, Instant until) ->
          !now.isBefore(from) && now.isBefore(until);
      case FlagRule.Attribute(String name, Set<String> values) ->
          caller.attributes().containsKey(name) && values.contains(caller.attributes().get(name));
      case FlagRule.All(List<FlagRule> rules) ->
          rules.stream().allMatch(each -> isMatch(each, caller, position, now));
    };
  }

  /** Maps a user to a number from 0 to 100, evenly spread. */
  private double position(String user) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((salt + "\n" + user).getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1.0p-53 * 100;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
