package selvedge.engine.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.Omitted;

/**
 * The large values that arrive over a connection. Belongs to one thread.
 *
 * <p>A value is written to disk while it arrives. If the connection breaks within a value, its
 * first part stays, and the next connection continues it.
 */
final class ArrivingValues {
  private final Store store;
  private final ValueFilter filter;
  private final byte[] chunk;
  private final List<Upload> complete = new ArrayList<>();
  private Version version = Version.NONE;
  private long bytes;
  private @Nullable Upload upload;
  private int inChunk;

  /** Decides which values are stored. */
  interface ValueFilter {

    /** Returns whether the store has the values of a namespace. */
    boolean stores(NamespaceId namespace);
  }

  ArrivingValues(Store store, Limits limits, ValueFilter filter) {
    this.store = store;
    this.filter = filter;
    this.chunk = new byte[limits.size(Limit.CHUNK_BYTES)];
  }

  /**
   * Returns the part of a value that arrived before the connection broke.
   *
   * @param epoch of the store, which has all changes before the value
   */
  Source.ReceivedPart received(long epoch) {
    return bytes == 0
        ? Source.ReceivedPart.NOTHING
        : new Source.ReceivedPart(epoch, version, bytes);
  }

  /** Returns the size of that part. */
  long bytes() {
    return bytes;
  }

  /**
   * Reads a value, or the rest of an interrupted one. A value that is not stored becomes an
   * outline.
   */
  Value receive(MessageReader.Large value, InputStream rest) throws IOException {
    if (value.from() == 0) {
      drop();
      begin(value);
    } else if (!value.version().equals(version) || value.from() != bytes) {
      throw new IOException("the source continues a value that was not requested");
    }
    try {
      for (int read = read(rest); read >= 0; read = read(rest)) {
        inChunk += read;
        bytes += read;
        if (inChunk == chunk.length) {
          write();
        }
      }
      return finish(value);
    } catch (RuntimeException | Error e) {
      drop();
      throw e;
    }
  }

  private void begin(MessageReader.Large value) {
    version = value.version();
    if (filter.stores(value.namespace())) {
      upload = store.upload();
    }
  }

  private int read(InputStream rest) throws IOException {
    return rest.read(chunk, inChunk, chunk.length - inChunk);
  }

  private void write() {
    if (upload != null && inChunk > 0) {
      upload.write(Bytes.adopt(Arrays.copyOf(chunk, inChunk)));
    }
    inChunk = 0;
  }

  private Value finish(MessageReader.Large value) {
    write();
    Upload finished = upload;
    upload = null;
    forget();
    if (finished == null) {
      return new Omitted(value.length());
    }
    complete.add(finished);
    return finished.finish();
  }

  /** Frees the values that have arrived, except those that a commit refers to. */
  void release() {
    complete.forEach(Upload::close);
    complete.clear();
  }

  /** Frees the first part of an interrupted value. */
  void drop() {
    Upload dropped = upload;
    upload = null;
    inChunk = 0;
    forget();
    // A full disk may refuse this, and the value must not be continued all the same.
    if (dropped != null) {
      dropped.close();
    }
  }

  private void forget() {
    version = Version.NONE;
    bytes = 0;
  }
}
