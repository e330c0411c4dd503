package selvedge.model;

import org.jspecify.annotations.Nullable;

/** Something that went wrong, with a message that names it and a hint who can mend it. */
public abstract class SelvedgeException extends RuntimeException {

  /** Who can mend a failure. */
  public enum Remedy {
    /** The request is wrong; sent again it fails again. */
    CALLER,
    /** The machine or the configuration needs a person. */
    OPERATOR,
    /** It passes: the same request may succeed later. */
    TIME
  }

  private final Remedy remedy;

  protected SelvedgeException(Remedy remedy, String message) {
    super(message);
    this.remedy = remedy;
  }

  protected SelvedgeException(Remedy remedy, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  public Remedy remedy() {
    return remedy;
  }
}
