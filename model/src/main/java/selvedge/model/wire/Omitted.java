package selvedge.model.wire;

import java.io.InputStream;
import selvedge.model.Entry;
import selvedge.model.NotHereException;
import selvedge.model.Value;

/** A value of which only the length is here, because it is too large to be held. */
public record Omitted(long length) implements Value {

  /** The entry without its value. */
  public static Entry outline(Entry entry) {
    return new Entry(
        entry.key(),
        new Omitted(entry.value().length()),
        entry.metadata(),
        entry.expiry(),
        entry.version());
  }

  @Override
  public InputStream open() {
    throw new NotHereException("a value of " + length + " bytes is not held here");
  }
}
