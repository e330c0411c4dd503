package selvedge.server.api;

/**
 * The memory that one request takes from a limit that all requests share. Belongs to the thread
 * that answers the request.
 */
public interface Memory {

  /** Memory without a limit. */
  Memory UNCOUNTED =
      new Memory() {
        @Override
        public boolean tryHold(long bytes) {
          return true;
        }

        @Override
        public void hold(long bytes) {}

        @Override
        public void shrink(long bytes) {}
      };

  /** Holds at least the given number of bytes, if they are free now; returns whether they were. */
  boolean tryHold(long bytes);

  /**
   * Holds at least the given number of bytes, and waits until they are free.
   *
   * @throws selvedge.model.OverloadedException if they do not become free in time
   * @throws selvedge.model.LimitExceededException if one request may not have as many
   */
  void hold(long bytes);

  /** Releases all but the given number of bytes. The rest is released at the end of the answer. */
  void shrink(long bytes);
}
