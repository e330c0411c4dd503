package selvedge.engine.store.rocks;

import org.jspecify.annotations.Nullable;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreUnusableException;

/** The merge of all files that an operator requests. Safe for use by many threads. */
final class Compaction implements AutoCloseable {
  private final Tables rocks;
  private Tables.@Nullable Merge running;
  private boolean closed;

  Compaction(Tables rocks) {
    this.rocks = rocks;
  }

  /** Merges the files on this thread. */
  void run() {
    Tables.Merge merge = begin();
    try {
      merge.run();
    } finally {
      end(merge);
    }
  }

  private synchronized Tables.Merge begin() {
    if (closed) {
      throw new StoreUnusableException("the store is closed");
    }
    if (running != null) {
      throw new InvalidRequestException("the files are being merged already; wait for the end");
    }
    Tables.Merge merge = rocks.fullMerge();
    running = merge;
    return merge;
  }

  private synchronized void end(Tables.Merge merge) {
    running = null;
    merge.close();
  }

  /** Ends the merge early. It leaves whole files. */
  @Override
  public synchronized void close() {
    closed = true;
    if (running != null) {
      running.cancel();
    }
  }
}
