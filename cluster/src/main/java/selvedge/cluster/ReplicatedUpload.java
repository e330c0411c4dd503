package selvedge.cluster;

import java.util.function.Supplier;
import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;

/**
 * A large value that is written to the log while it arrives. Belongs to one thread.
 *
 * <p>No voter can remove its log from the first chunk of an open upload on. So a client that sends
 * slowly must not keep one open for as long as it likes.
 */
final class ReplicatedUpload implements Upload {
  private final Leadership leadership;
  private final Supplier<LogSize> keptLog;
  private final long number;

  /** What was written before the first chunk. */
  private LogSize before = new LogSize(0, 0);

  private LogSize own = new LogSize(0, 0);

  /**
   * @param keptLog what may be written to the log beside the value while it arrives
   */
  ReplicatedUpload(Leadership leadership, Supplier<LogSize> keptLog) {
    this.leadership = leadership;
    this.keptLog = keptLog;
    this.number = leadership.nextUpload();
  }

  /** Waits until a majority has the chunk, so that an upload is not faster than the log. */
  @Override
  public void write(Bytes chunk) {
    if (own.entries() == 0) {
      before = leadership.submitted();
    }
    LogSize most = keptLog.get();
    if (leadership.submitted().minus(before).minus(own).exceeds(most)) {
      throw new OverloadedException(
          "the value arrives so slowly that the log of the voters would exceed voter-log-bytes, "
              + most.bytes()
              + ", or voter-log-entries, "
              + most.entries());
    }
    leadership.submit(new LogEntry.Chunk(leadership.term(), number, chunk)).await();
    own = own.plus(new LogSize(chunk.size(), 1));
  }

  @Override
  public Value finish() {
    return new UploadedValue(number, own.bytes());
  }

  /**
   * Frees the chunks if no commit has taken them. A commit that is under way comes first in the
   * log, and has taken them then.
   */
  @Override
  public void close() {
    if (own.entries() > 0 && leadership.isHeld()) {
      try {
        leadership.submit(new LogEntry.Abandoned(leadership.term(), number));
      } catch (SelvedgeException _) {
        // The next leader frees the uploads of earlier terms.
      }
    }
  }
}
