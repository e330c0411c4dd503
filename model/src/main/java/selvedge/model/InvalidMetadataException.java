package selvedge.model;

/** Metadata that is not JSON. */
public final class InvalidMetadataException extends SelvedgeException {
  InvalidMetadataException() {
    super(Remedy.CALLER, "metadata must be valid json");
  }
}
