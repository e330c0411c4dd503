package selvedge.server.api;

import java.util.Optional;

/** All faces of the server, as functions from request to response. Safe for many threads. */
public interface Api {

  /**
   * Answers what can be answered from memory, and takes apart what needs one entry more. Runs on
   * the event loop: it never blocks, never reads the body, and leaves everything else to {@link
   * #answer}.
   */
  Optional<LoopResult> answerNow(Request request);

  /**
   * Queues a change for which no thread has to wait, and answers it later. Runs on the event loop:
   * it blocks only where the request is alone. Returns whether it has taken the request; if not,
   * nothing has happened.
   *
   * @param request whose body has arrived whole
   */
  boolean answerSoon(Request request, Reply reply);

  /** Answers anything, on a thread that may block. Never throws for what a client can cause. */
  Response answer(Request request);

  /** Returns whose request it is. Runs on the event loop: it never blocks, nor reads the body. */
  default RequestOwner standing(Request request) {
    return RequestOwner.OPEN;
  }

  /** Whether the request, which is at work, would be admitted once more. Never blocks. */
  boolean isAdmitted(Request request);

  /** The answer to a request that the transport turned away before it became one. */
  Response refusal(int status, String message);

  /** The answer to a request that is turned away, in the words of its face. */
  default Response refusal(Request request, int status, String message) {
    return refusal(status, message);
  }
}
