package selvedge.model;

/** Thrown when metadata is not exactly one JSON value. */
public final class InvalidMetadataException extends SelvedgeException {
  InvalidMetadataException() {
    super(Remedy.CALLER, "metadata must be valid json");
  }
}
