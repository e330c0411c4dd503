package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;

/**
 * A file of zeros for what comes next, made beside whoever writes, so that those who wait for a
 * sync need not wait for it. Whatever fails here fails nothing else: then there is none. Belongs to
 * the writer.
 */
final class SpareFile implements AutoCloseable {
  /** It is made only where it would fit so many times. */
  private static final int ROOM = 10;

  private final Path path;
  private final long bytes;
  private final Filling filling;
  private final SyncThread beside = new SyncThread("selvedge-spare");
  private SyncThread.@Nullable Task task;

  interface Filling {
    /** Makes a file of so many zeros, and returns once it is on disk. */
    void fill(Path path, long bytes) throws IOException;
  }

  SpareFile(Path path, long bytes, Filling filling) {
    this.path = path;
    this.bytes = bytes;
    this.filling = filling;
  }

  /** Begins to make it, unless that has been begun. */
  void prepare() {
    try {
      if (task == null && Files.getFileStore(path.getParent()).getUsableSpace() > ROOM * bytes) {
        task = beside.begin(this::fill);
      }
    } catch (IOException | RuntimeException | Error _) {
      // There is none.
    }
  }

  private void fill() {
    try {
      filling.fill(path, bytes);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "prepare " + path);
    }
  }

  /** Whether it need not be waited for. */
  boolean isReady() {
    return task != null && task.isDone();
  }

  /** Moves it to the path, and returns whether it was there in time. */
  boolean moveTo(Path target) {
    SyncThread.Task made = task;
    if (made == null || !isReady()) {
      return false;
    }
    task = null;
    try {
      made.await();
      SyncedFiles.rename(path, target);
      return true;
    } catch (IOException | RuntimeException | Error _) {
      return false;
    }
  }

  /** Deletes what another process may have left. */
  void delete() throws IOException {
    SyncedFiles.delete(path);
  }

  /** Leaves none behind, if that can be done. */
  @Override
  public void close() {
    beside.close();
    try {
      delete();
    } catch (IOException _) {
      // Who opens the journal deletes it.
    }
  }
}
