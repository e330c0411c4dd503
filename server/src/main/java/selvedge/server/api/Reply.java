package selvedge.server.api;

import java.util.function.Supplier;
import selvedge.engine.namespace.AwaitedCompletion;

/** Where the answer to one request goes, once and from any thread. */
public interface Reply {

  /**
   * Sends an answer.
   *
   * @param response makes the answer on the thread that sends it
   */
  void answer(Supplier<Response> response);

  /** Returns whether the calling thread may wait for the answer, and for the disk. */
  default boolean mayWait() {
    return false;
  }

  /** Starts work with a reply, waits for its answer and returns the answer. */
  static Response await(Start start) {
    var waiting = new AwaitedCompletion<Supplier<Response>>();
    start.with(
        new Reply() {
          @Override
          public void answer(Supplier<Response> response) {
            waiting.completed(response);
          }

          @Override
          public boolean mayWait() {
            return true;
          }
        });
    return waiting.await().get();
  }

  /** Starts work that ends with an answer. */
  interface Start {
    void with(Reply reply);
  }
}
