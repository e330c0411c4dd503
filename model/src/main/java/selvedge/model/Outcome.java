package selvedge.model;

/**
 * The result of a write that may have a condition.
 *
 * <p>A condition that does not hold is a {@link Conflict}, never an exception. A write without a
 * condition is always {@link Accepted}.
 */
public sealed interface Outcome {

  /**
   * Returns whether the write was made.
   *
   * @return false if its condition did not hold
   */
  default boolean isAccepted() {
    return this instanceof Accepted;
  }

  /**
   * Returns the version that decided the write: that of the change, or after a conflict that of the
   * entry in place. A read with {@link ReadOptions#atLeast(Version)} of it sees that state at any
   * server.
   *
   * @return {@link Version#NONE} after a conflict with a missing entry
   */
  Version version();

  /**
   * Returns the version of the change, for writes whose condition must hold.
   *
   * @return the version that the write was given
   * @throws ConflictException if the condition did not hold; nothing was changed
   */
  Version orElseThrow();

  /**
   * The write was made and is durable.
   *
   * @param version the version of the change
   */
  record Accepted(Version version) implements Outcome {
    @Override
    public Version orElseThrow() {
      return version;
    }
  }

  /**
   * The condition did not hold, and nothing was changed.
   *
   * @param current the version of the entry in place; {@link Version#NONE} if there is none
   */
  record Conflict(Version current) implements Outcome {
    @Override
    public Version version() {
      return current;
    }

    @Override
    public Version orElseThrow() {
      throw new ConflictException(current);
    }
  }
}
