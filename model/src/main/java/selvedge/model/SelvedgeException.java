package selvedge.model;

import org.jspecify.annotations.Nullable;

/**
 * The parent of all exceptions of this project. The message says what is wrong with which value,
 * and {@link #remedy()} who can change that.
 */
public abstract class SelvedgeException extends RuntimeException {

  /** Who or what can remove the cause of a failure. */
  public enum Remedy {
    /** The caller: the same request fails again. */
    CALLER,
    /** An operator: the machine or the configuration must change. */
    OPERATOR,
    /** Time: the same request may succeed later. */
    TIME
  }

  /** Who can remove the cause. */
  private final Remedy remedy;

  /**
   * Creates the exception.
   *
   * @param remedy who can remove the cause
   * @param message what is wrong
   */
  protected SelvedgeException(Remedy remedy, String message) {
    super(message);
    this.remedy = remedy;
  }

  /**
   * Creates the exception with a cause.
   *
   * @param remedy who can remove the cause
   * @param message what is wrong
   * @param cause the cause; null if there is none
   */
  protected SelvedgeException(Remedy remedy, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /**
   * Returns who can remove the cause. A program may retry only after {@link Remedy#TIME}.
   *
   * @return who can remove the cause
   */
  public Remedy remedy() {
    return remedy;
  }
}
