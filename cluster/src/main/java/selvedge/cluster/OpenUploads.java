package selvedge.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.Value;

/**
 * The large values of the log that no commit has taken yet. Belongs to the thread that applies the
 * log.
 *
 * <p>A start replays the log from before the first chunk of every open upload, since a store frees
 * the chunks of unfinished uploads when it is opened.
 */
final class OpenUploads {
  private final Supplier<Upload> uploads;
  private final int chunkBytes;
  private final Map<Long, Arriving> open = new HashMap<>();
  private long term;

  /** An upload, and the part of its last chunk that is not full yet. */
  private static final class Arriving {
    private final Upload upload;
    private final long firstIndex;
    private Bytes rest = Bytes.EMPTY;

    Arriving(Upload upload, long firstIndex) {
      this.upload = upload;
      this.firstIndex = firstIndex;
    }
  }

  OpenUploads(Supplier<Upload> uploads, int chunkBytes) {
    this.uploads = uploads;
    this.chunkBytes = chunkBytes;
  }

  /** Frees the uploads of earlier terms: a commit may only take those of its own. */
  void enter(long newTerm) {
    if (newTerm != term) {
      clear();
      term = newTerm;
    }
  }

  void clear() {
    open.values().forEach(each -> each.upload.close());
    open.clear();
  }

  /** Writes a chunk. The voters may have chunks of different sizes. */
  void write(long number, long index, Bytes bytes) {
    Arriving arriving = open.computeIfAbsent(number, _ -> new Arriving(uploads.get(), index));
    Bytes all = arriving.rest.isEmpty() ? bytes : arriving.rest.plus(bytes);
    int at = 0;
    while (all.size() - at >= chunkBytes) {
      arriving.upload.write(all.slice(at, chunkBytes));
      at += chunkBytes;
    }
    arriving.rest = all.slice(at, all.size() - at);
  }

  void abandon(long number) {
    @Nullable Arriving gone = open.remove(number);
    if (gone != null) {
      gone.upload.close();
    }
  }

  /** Ends an upload and returns its value. The caller must {@link #taken} it after its commit. */
  Value finish(long number) {
    @Nullable Arriving arriving = open.get(number);
    if (arriving == null) {
      throw new IllegalStateException("the log lacks the chunks of the upload " + number);
    }
    if (!arriving.rest.isEmpty()) {
      arriving.upload.write(arriving.rest);
      arriving.rest = Bytes.EMPTY;
    }
    return arriving.upload.finish();
  }

  /** Records that a commit refers to the value of an upload, or did so before. */
  void taken(long number) {
    abandon(number);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Returns the index before the first chunk of all open uploads, at most the given index. */
  long before(long index) {
    return Math.min(
        index, open.values().stream().mapToLong(each -> each.firstIndex - 1).min().orElse(index));
  }
}
