package selvedge.engine.store.rocks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.store.journal.SyncThread;
import selvedge.engine.work.Threads;

/**
 * A file that only occupies space. The store deletes it when the disk is full, so that deletes,
 * flushes and merges can still be written. Confined to the writer.
 */
final class ReserveFile implements AutoCloseable {
  private static final long BYTES_MAX = 64 << 20;
  private static final long BYTES_MIN = 1 << 20;

  /** With so much more space than the reserve, a disk does not fill before the next step. */
  private static final int AMPLE = 16;

  private final Path path;
  private final long reserve;
  private final long bytes;
  private final SyncThread thread;
  private SyncThread.@Nullable Task creation;

  /**
   * @param reserve the free space below which puts are refused; the file has half of it at most
   */
  ReserveFile(Path path, long reserve, Threads threads) {
    this.path = path;
    this.reserve = reserve;
    this.bytes = Math.min(reserve / 2, BYTES_MAX);
    this.thread = new SyncThread("selvedge-reserve", threads);
  }

  /**
   * Deletes the file if the disk is full, or creates it while there is space.
   *
   * @param free the free bytes of the disk
   * @param large whether the store is so large that the file is worth its space
   */
  void step(long free, boolean large) {
    SyncThread.Task running = creation;
    if (bytes < BYTES_MIN || (running != null && !running.isDone())) {
      return;
    }
    creation = null;
    if (free < bytes / 2) {
      delete();
    } else if (free > reserve + 2 * bytes
        && (large || free < AMPLE * reserve)
        && !Files.exists(path)) {
      creation = thread.tryBegin(this::create);
    }
  }

  /** If there is no space for the file, a later step tries again. */
  private void create() {
    try {
      SyncedFiles.allocate(path, bytes);
    } catch (IOException _) {
      delete();
    }
  }

  private void delete() {
    try {
      boolean _ = SyncedFiles.delete(path);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "delete " + path);
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
