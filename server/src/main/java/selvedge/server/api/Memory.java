package selvedge.server.api;

/**
 * The memory that one request takes of what all requests share. Belongs to the thread that answers
 * the request.
 */
public interface Memory {

  /** Memory that nobody counts. */
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

  /**
   * Holds at least so many bytes from now on, if they are free at once; returns whether they are.
   */
  boolean tryHold(long bytes);

  /**
   * Holds at least so many bytes from now on, and waits for them if need be.
   *
   * @throws selvedge.model.OverloadedException when they do not become free in time
   * @throws selvedge.model.LimitExceededException when they are more than one request can have
   */
  void hold(long bytes);

  /** Gives back all but so many bytes. What is left is given back at the end of the answer. */
  void shrink(long bytes);
}
