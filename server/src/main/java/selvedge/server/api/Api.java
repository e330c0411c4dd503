package selvedge.server.api;

import java.util.Optional;

/**
 * The protocols of a server as functions from request to response. Safe for use by many threads.
 */
public interface Api {

  /**
   * Answers what memory can answer, and prepares reads of a single entry. Runs on the event loop:
   * it must not block or read the body, and returns nothing for everything else, which goes to
   * {@link #answer}.
   */
  Optional<LoopResult> answerNow(Request request);

  /**
   * Submits a change that no thread has to wait for, and answers it later. Runs on the event loop,
   * and may block only if {@link Request#isAlone}. Returns whether it has taken the request; if
   * not, nothing has happened.
   *
   * @param request whose body has arrived completely
   */
  boolean answerSoon(Request request, Reply reply);

  /** Answers any request, on a thread that may block. Never throws for what a client can cause. */
  Response answer(Request request);

  /**
   * Returns the owner of the request. Runs on the event loop: it must not block or read the body.
   */
  RequestOwner ownerOf(Request request);

  /**
   * Returns whether answers depend on the certificate of the connection. If so, a connection
   * without one never gets an answer that was learned on another one.
   */
  boolean comparesConnections();

  /** Returns whether a request in flight would be admitted again. Never blocks. */
  boolean isAdmitted(Request request);

  /** Returns the answer to something that the transport refused before it became a request. */
  Response refusal(int status, String message);

  /** Returns the refusal of a request in the form of its protocol. */
  default Response refusal(Request request, int status, String message) {
    return refusal(status, message);
  }
}
