package selvedge.model.wire;

import java.io.InputStream;
import selvedge.model.NotHereException;
import selvedge.model.Value;

/** A value of which only the length is here, because it is too large to be held. */
public record Omitted(long length) implements Value {
  @Override
  public InputStream open() {
    throw new NotHereException("a value of " + length + " bytes is not held here");
  }
}
