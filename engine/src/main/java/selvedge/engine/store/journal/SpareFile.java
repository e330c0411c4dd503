package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.work.Threads;

/**
 * Prepares the next file of the journal, full of zeros, on a thread of its own: a sync of a file
 * that need not grow is faster. If that fails, there is no prepared file, and nothing else fails.
 * Confined to the writer.
 */
final class SpareFile implements AutoCloseable {
  /** The disk must have room for this many such files. */
  private static final int ROOM = 10;

  private final Path path;
  private final long bytes;
  private final Filling filling;
  private final SyncThread thread;
  private SyncThread.@Nullable Task task;

  interface Filling {
    /** Writes a file of zeros, and returns once it is on disk. */
    void fill(Path path, long bytes) throws IOException;
  }

  SpareFile(Path path, long bytes, Threads threads, Filling filling) {
    this.path = path;
    this.bytes = bytes;
    this.filling = filling;
    this.thread = new SyncThread("selvedge-spare", threads);
  }

  /** Begins to prepare the file, unless that was begun before. */
  void prepare() {
    try {
      if (task == null && Files.getFileStore(path.getParent()).getUsableSpace() > ROOM * bytes) {
        task = thread.begin(this::fill);
      }
    } catch (IOException | RuntimeException | Error _) {
      // The journal goes on without a prepared file.
    }
  }

  private void fill() {
    try {
      filling.fill(path, bytes);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "prepare " + path);
    }
  }

  /** Returns whether the file is complete. */
  boolean isReady() {
    return task != null && task.isDone();
  }

  /** Renames the file if it is complete, and returns whether it did. Does not wait. */
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

  /** Deletes a file that an earlier process left. */
  void delete() throws IOException {
    SyncedFiles.delete(path);
  }

  /** Deletes the file, if that is possible. */
  @Override
  public void close() {
    thread.close();
    try {
      delete();
    } catch (IOException _) {
      // The next opening of the journal deletes it.
    }
  }
}
