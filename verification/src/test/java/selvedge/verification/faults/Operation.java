package selvedge.verification.faults;

import java.util.Optional;

/**
 * One call of a client on one key, and what it was told.
 *
 * @param invoked when the call began, on the clock that all clients share
 * @param returned when its answer had come, {@link #NEVER} if none has
 */
record Operation(int client, long invoked, long returned, Step step) {

  /** The call may have happened at any time since, or not at all. */
  static final long NEVER = Long.MAX_VALUE;

  /** What no key holds, and what a key without an entry holds. */
  static final String ABSENT = "";

  boolean isAnswered() {
    return returned != NEVER;
  }

  /** What a call does to a key, together with its answer. */
  sealed interface Step {

    /** Returns what the key holds afterwards; empty if the answer does not fit what it held. */
    Optional<String> from(String held);

    /** Whether it leaves what is held whenever it happens. */
    default boolean onlyReads() {
      return false;
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
  }

  record Delete() implements Step {
    @Override
    public Optional<String> from(String held) {
      return Optional.of(ABSENT);
    }
  }

  /** Replaces one value by another, either of which may be {@link #ABSENT}. */
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

  /** Adds to a number and is told the sum. */
  record Add(long amount, long sum) implements Step {
    @Override
    public Optional<String> from(String held) {
      return plus(held, amount).equals(Long.toString(sum))
          ? Optional.of(Long.toString(sum))
          : Optional.empty();
    }
  }

  /** Adds to a number and never hears of it. */
  record AddUnanswered(long amount) implements Step {
    @Override
    public Optional<String> from(String held) {
      return Optional.of(plus(held, amount));
    }
  }

  private static String plus(String held, long amount) {
    return Long.toString((held.equals(ABSENT) ? 0 : Long.parseLong(held)) + amount);
  }
}
