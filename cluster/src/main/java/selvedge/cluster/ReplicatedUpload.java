package selvedge.cluster;

import java.util.function.LongSupplier;
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
  private final LongSupplier logBytesMax;
  private final long number;
  private long start;
  private long length;

  /**
   * @param logBytesMax what may be written to the log beside the value while it arrives
   */
  ReplicatedUpload(Leadership leadership, LongSupplier logBytesMax) {
    this.leadership = leadership;
    this.logBytesMax = logBytesMax;
    this.number = leadership.nextUpload();
  }

  /** Waits until a majority has the chunk, so that an upload is not faster than the log. */
  @Override
  public void write(Bytes chunk) {
    if (length == 0) {
      start = leadership.submittedBytes();
    }
    if (leadership.submittedBytes() - start - length > logBytesMax.getAsLong()) {
      throw new OverloadedException(
          "the value arrives so slowly that the log of the voters would exceed voter-log-bytes, "
              + logBytesMax.getAsLong());
    }
    leadership.submit(new LogEntry.Chunk(leadership.term(), number, chunk)).await();
    length += chunk.size();
  }

  @Override
  public Value finish() {
    return new UploadedValue(number, length);
  }

  /**
   * Frees the chunks if no commit has taken them. A commit that is under way comes first in the
   * log, and has taken them then.
   */
  @Override
  public void close() {
    if (length > 0 && leadership.isHeld()) {
      try {
        leadership.submit(new LogEntry.Abandoned(leadership.term(), number));
      } catch (SelvedgeException _) {
        // The next leader frees the uploads of earlier terms.
      }
    }
  }
}
