package selvedge.engine.store.rocks;

import java.io.InputStream;
import selvedge.engine.store.ValueGoneException;
import selvedge.engine.store.row.Stored;
import selvedge.model.Bytes;
import selvedge.model.Value;

/** A large value in chunks on disk. */
final class ChunkedValue implements Value {
  private final Chunks chunks;
  private final Stored.Chunked stored;

  ChunkedValue(Chunks chunks, Stored.Chunked stored) {
    this.chunks = chunks;
    this.stored = stored;
  }

  boolean isIn(Chunks place) {
    return chunks == place;
  }

  Stored.Chunked stored() {
    return stored;
  }

  @Override
  public long length() {
    return stored.length();
  }

  /** Throws {@link ValueGoneException} if the value was replaced and freed since it was found. */
  @Override
  public InputStream open() {
    return chunks.open(stored);
  }

  @Override
  public Bytes bytes() {
    return chunks.readAll(stored);
  }
}
