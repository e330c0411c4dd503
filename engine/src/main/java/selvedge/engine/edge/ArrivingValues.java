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
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.Omitted;

/**
 * The large values that arrive over a line. Belongs to one thread.
 *
 * <p>They go to disk while they come. Where the line breaks within one, what has come of it stays,
 * so that the next connection brings the rest.
 */
final class ArrivingValues {
  private final Store store;
  private final Stored stored;
  private final byte[] chunk;
  private final List<Upload> whole = new ArrayList<>();
  private Source.Begun begun = Source.Begun.NOTHING;
  private @Nullable Upload upload;
  private int inChunk;

  /** Tells which values the store is to have. */
  interface Stored {
    boolean has(NamespaceId namespace);
  }

  ArrivingValues(Store store, Limits limits, Stored stored) {
    this.store = store;
    this.stored = stored;
    this.chunk = new byte[limits.size(Limit.CHUNK_BYTES)];
  }

  /** How much of a value has come before the line broke. */
  Source.Begun begun() {
    return begun;
  }

  /**
   * Reads a value, or the rest of the one that broke off. A value that the store is not to have is
   * left out.
   *
   * @param epoch of the change that it belongs to
   */
  Value take(long epoch, MessageReader.Large value, InputStream rest) throws IOException {
    if (value.from() == 0) {
      drop();
      begin(epoch, value);
    } else if (!new Source.Begun(epoch, value.version(), value.from()).equals(begun)) {
      throw new IOException("the rest of a value that was not asked for");
    }
    try {
      for (int read = read(rest); read >= 0; read = read(rest)) {
        inChunk += read;
        begun = new Source.Begun(epoch, value.version(), begun.bytes() + read);
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

  private void begin(long epoch, MessageReader.Large value) {
    begun = new Source.Begun(epoch, value.version(), 0);
    if (stored.has(value.namespace())) {
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
    begun = Source.Begun.NOTHING;
    if (finished == null) {
      return new Omitted(value.length());
    }
    whole.add(finished);
    return finished.finish();
  }

  /** Frees the values that have come, except those that a commit refers to by now. */
  void release() {
    whole.forEach(Upload::close);
    whole.clear();
  }

  /** Frees what has come of a value that broke off. */
  void drop() {
    if (upload != null) {
      upload.close();
      upload = null;
    }
    inChunk = 0;
    begun = Source.Begun.NOTHING;
  }
}
