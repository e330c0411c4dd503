package selvedge.model;

/** The account has a namespace of this title already. */
public final class TitleTakenException extends SelvedgeException {
  private final NamespaceId holder;

  public TitleTakenException(String title, NamespaceId holder) {
    super(Remedy.CALLER, "the title \"" + title + "\" belongs to namespace " + holder.hex());
    this.holder = holder;
  }

  /** The namespace that has the title. */
  public NamespaceId holder() {
    return holder;
  }
}
