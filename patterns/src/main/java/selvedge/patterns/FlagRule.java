package selvedge.patterns;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import selvedge.model.InvalidRequestException;

/** A condition under which a {@link Flag} is on for a caller. All rules are immutable. */
public sealed interface FlagRule {

  /**
   * Returns the rule that matches some users.
   *
   * @param users the names of the users
   * @return the rule
   * @throws InvalidRequestException if a name contains a control character or is not Unicode
   */
  static FlagRule users(String... users) {
    return new Users(new TreeSet<>(List.of(users)));
  }

  /**
   * Returns the rule that matches a share of the callers: always the same users, and anonymous
   * callers at random.
   *
   * @param percent from 0 to 100
   * @return the rule
   * @throws InvalidRequestException if the share is not from 0 to 100
   */
  static FlagRule percent(double percent) {
    return new Share(percent);
  }

  /**
   * Returns the rule that matches every caller between two moments.
   *
   * @param from the first moment; {@link Instant#MIN} for no beginning
   * @param until the moment after the last one; {@link Instant#MAX} for no end
   * @return the rule
   * @throws InvalidRequestException if the end is not after the beginning
   */
  static FlagRule between(Instant from, Instant until) {
    return new Schedule(from, until);
  }

  /**
   * Returns the rule that matches callers with an attribute.
   *
   * @param name the name of the attribute, such as {@code country}
   * @param values the values of which the caller must have one
   * @return the rule
   */
  static FlagRule attribute(String name, String... values) {
    return new Attribute(name, new TreeSet<>(List.of(values)));
  }

  /**
   * Returns the rule that matches where all of some rules do, such as a share of the callers of a
   * country.
   *
   * @param rules at least one rule
   * @return the rule
   * @throws InvalidRequestException if there is no rule
   */
  static FlagRule all(FlagRule... rules) {
    return new All(List.of(rules));
  }

  /**
   * Matches some users.
   *
   * @param users the names of the users
   */
  record Users(Set<String> users) implements FlagRule {

    /**
     * Checks and copies the names.
     *
     * @throws InvalidRequestException if a name contains a control character or is not Unicode
     */
    public Users {
      users = sorted(users);
      users.forEach(user -> Flag.requireOneLine("user", user));
    }
  }

  /**
   * Matches a share of the callers.
   *
   * @param percent from 0 to 100
   */
  record Share(double percent) implements FlagRule {

    /**
     * Checks the share.
     *
     * @throws InvalidRequestException if it is not from 0 to 100
     */
    public Share {
      if (!(percent >= 0 && percent <= 100)) {
        throw new InvalidRequestException("a share must be from 0 to 100 percent, got " + percent);
      }
    }
  }

  /**
   * Matches every caller between two moments.
   *
   * @param from the first moment
   * @param until the moment after the last one
   */
  record Schedule(Instant from, Instant until) implements FlagRule {

    /**
     * Checks the moments.
     *
     * @throws InvalidRequestException if the end is not after the beginning
     */
    public Schedule {
      if (!until.isAfter(from)) {
        throw new InvalidRequestException(
            "the end of a schedule must be after its beginning, got " + from + " and " + until);
      }
    }
  }

  /**
   * Matches callers with an attribute.
   *
   * @param name the name of the attribute
   * @param values the values of which the caller must have one
   */
  record Attribute(String name, Set<String> values) implements FlagRule {

    /** Copies the values. */
    public Attribute {
      values = sorted(values);
    }
  }

  /**
   * Matches where all of its rules do.
   *
   * @param rules at least one rule
   */
  record All(List<FlagRule> rules) implements FlagRule {

    /**
     * Checks and copies the rules.
     *
     * @throws InvalidRequestException if there is no rule
     */
    public All {
      rules = List.copyOf(rules);
      if (rules.isEmpty()) {
        throw new InvalidRequestException("a rule that combines others must have at least one");
      }
    }
  }

  private static Set<String> sorted(Set<String> texts) {
    return Collections.unmodifiableSet(new TreeSet<>(texts));
  }
}
