package selvedge.model;

/** No such namespace, or none that this caller may know of. */
public final class NamespaceNotFoundException extends SelvedgeException {
  public NamespaceNotFoundException(String message) {
    super(Remedy.CALLER, message);
  }
}
