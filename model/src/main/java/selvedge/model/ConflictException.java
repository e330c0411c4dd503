package selvedge.model;

/** Thrown by {@link Outcome#orElseThrow} after a write whose condition did not hold. */
public final class ConflictException extends SelvedgeException {
  /** The version of the entry in place. */
  private final Version current;

  ConflictException(Version current) {
    super(
        Remedy.CALLER,
        current.equals(Version.NONE)
            ? "the condition of the write did not hold: the key has no entry"
            : "the condition of the write did not hold: the entry has version " + current);
    this.current = current;
  }

  /**
   * Returns the version of the entry in place.
   *
   * @return {@link Version#NONE} if the key has no entry
   */
  public Version current() {
    return current;
  }
}
