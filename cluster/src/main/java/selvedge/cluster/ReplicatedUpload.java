package selvedge.cluster;

import selvedge.engine.store.Upload;
import selvedge.model.Bytes;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;

/** A large value that is written to the log while it arrives. Belongs to one thread. */
final class ReplicatedUpload implements Upload {
  private final Leadership leadership;
  private final long number;
  private long length;

  ReplicatedUpload(Leadership leadership) {
    this.leadership = leadership;
    this.number = leadership.nextUpload();
  }

  /** Waits until a majority has the chunk, so that an upload is not faster than the log. */
  @Override
  public void write(Bytes chunk) {
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
