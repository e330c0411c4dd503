package selvedge.server.api;

import selvedge.model.SelvedgeException;

/** Metadata that is not JSON. */
public final class InvalidMetadataException extends SelvedgeException {
  InvalidMetadataException() {
    super(Remedy.CALLER, "metadata must be valid json");
  }
}
