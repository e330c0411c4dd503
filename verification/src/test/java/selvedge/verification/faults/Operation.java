package selvedge.verification.faults;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One call of a client on one key and its response.
 *
 * @param invoked the time at which the call began, on the clock that all clients share
 * @param returned the time of its response, {@link #NEVER} without one
 */
record Operation(int client, long invoked, long returned, Step step) {

  /** The time of a missing response: the call may take effect at any later time or never. */
  static final long NEVER = Long.MAX_VALUE;

  /** The content of a key without an entry. */
  static final String ABSENT = "";

  boolean isAnswered() {
    return returned != NEVER;
  }

  /** The effect of a call and its response. */
  sealed interface Step {

    /**
     * Returns the content of the key after the call; empty if the response does not fit the content
     * before it.
     */
    Optional<String> from(String held);

    /** Returns whether the call never changes the content. */
    default boolean onlyReads() {
      return false;
    }

    /**
     * Returns the largest number that may be the content before this call on a counter, whose
     * content never gets smaller; empty for a call that no counter has.
     */
    default OptionalLong countBefore() {
      return OptionalLong.empty();
    }
  }

  record Put(String value) implements Step {
    @Override
    public Optional<String> from(String held) {
      return Optional.of(value);
    }
  }

  record Get(String value) implements Step {
    @Override
    public Optional<String> from(String held) {
      return held.equals(value) ? Optional.of(held) : Optional.empty();
    }

    @Override
    public boolean onlyReads() {
      return true;
    }

    @Override
    public OptionalLong countBefore() {
      return value.matches("\\d*") ? OptionalLong.of(count(value)) : OptionalLong.empty();
    }
  }

  record Delete() implements Step {
    @Override
    public Optional<String> from(String held) {
      return Optional.of(ABSENT);
    }
  }

  /** Replaces one value by another. Either may be {@link #ABSENT}. */
  record Swap(String expected, String value, boolean swapped) implements Step {
    @Override
    public Optional<String> from(String held) {
      if (held.equals(expected) != swapped) {
        return Optional.empty();
      }
      return Optional.of(swapped ? value : held);
    }

    @Override
    public boolean onlyReads() {
      return !swapped;
    }
  }

  /** Adds to a number and returns the sum. */
  record Add(long amount, long sum) implements Step {
    @Override
    public Optional<String> from(String held) {
      return plus(held, amount).equals(Long.toString(sum))
          ? Optional.of(Long.toString(sum))
          : Optional.empty();
    }

    @Override
    public OptionalLong countBefore() {
      return OptionalLong.of(sum - amount);
    }
  }

  /** Adds to a number without a response. */
  record AddUnanswered(long amount) implements Step {
    @Override
    public Optional<String> from(String held) {
      return Optional.of(plus(held, amount));
    }

    @Override
    public OptionalLong countBefore() {
      return OptionalLong.of(Long.MAX_VALUE);
    }
  }

  private static String plus(String held, long amount) {
    return Long.toString(count(held) + amount);
  }

  /** Returns the number that a counter has as its content. */
  static long count(String held) {
    return held.equals(ABSENT) ? 0 : Long.parseLong(held);
  }
}
