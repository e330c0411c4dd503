package selvedge.engine.replication;

import java.io.IOException;
import java.io.InputStream;
import selvedge.engine.store.Loading;
import selvedge.engine.store.RocksStore;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.Value;
import selvedge.model.Version;

/** Makes a store what its origin is, by a snapshot. */
public final class Bootstrap {
  private Bootstrap() {}

  /** Hears of the progress. */
  public interface Progress {
    void loaded(long entries);
  }

  /** Replaces everything in the store, and returns the version that it has reached. */
  public static Version load(RocksStore store, Source source, int chunkBytes, Progress progress)
      throws IOException {
    try (InputStream in = source.snapshot();
        Loading loading = store.load()) {
      var reader = new MessageReader(in, (_, _, stream) -> copy(stream, store, chunkBytes));
      if (!(reader.next() instanceof Message.Hello(long epoch, Version version))) {
        throw new IOException("a snapshot that does not begin with a greeting");
      }
      long count = 0;
      while (true) {
        switch (reader.next()) {
          case Message.Placed(var namespace, var entry) -> {
            loading.add(namespace, entry);
            progress.loaded(++count);
          }
          case Message.End(long told, String reason) -> {
            if (told != count || !reason.isEmpty()) {
              throw new IOException(
                  "the snapshot ends after " + count + " of " + told + " entries: " + reason);
            }
            loading.finish(epoch, version);
            return version;
          }
          case Message.Hello _, Message.Changed _, Message.Heartbeat _ ->
              throw new IOException("this does not belong into a snapshot");
        }
      }
    }
  }

  /** Writes a large value to disk while it comes; whoever commits it owns it. */
  public static Value copy(InputStream stream, Store store, int chunkBytes) throws IOException {
    Upload upload = store.upload();
    boolean done = false;
    try {
      for (byte[] chunk = stream.readNBytes(chunkBytes);
          chunk.length > 0;
          chunk = stream.readNBytes(chunkBytes)) {
        upload.write(Bytes.adopt(chunk));
      }
      Value value = upload.finish();
      done = true;
      return value;
    } finally {
      if (!done) {
        upload.close();
      }
    }
  }
}
