package selvedge.model;

/** Thrown when another namespace of the account has the title. */
public final class TitleTakenException extends SelvedgeException {
  /** The namespace that has the title. */
  private final NamespaceId holder;

  /**
   * Creates the exception.
   *
   * @param title the title
   * @param holder the namespace that has it
   */
  public TitleTakenException(String title, NamespaceId holder) {
    super(Remedy.CALLER, "the title \"" + title + "\" belongs to namespace " + holder.hex());
    this.holder = holder;
  }

  /**
   * Returns the namespace that has the title.
   *
   * @return its id
   */
  public NamespaceId holder() {
    return holder;
  }
}
