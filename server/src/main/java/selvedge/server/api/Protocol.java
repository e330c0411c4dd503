package selvedge.server.api;

import java.util.Optional;

/** One of the protocols that the server speaks, for its own part of the requests. */
public interface Protocol {

  /** Whether the request is one of this face, be there something or not. */
  boolean owns(Request request);

  /** As {@link Api#answerNow}. */
  default Optional<LoopResult> answerNow(Request request) {
    return Optional.empty();
  }

  /** As {@link Api#answerSoon}. */
  default boolean answerSoon(Request request, Reply reply) {
    return false;
  }

  /** As {@link Api#answer}. */
  Response answer(Request request);

  /** As {@link Api#isAdmitted}. */
  default boolean isAdmitted(Request request) {
    return true;
  }

  /** As {@link Api#refusal}. */
  Response refusal(int status, String message);

  /**
   * Whether its answers say as of which version they are. An answer that needs no token must not:
   * the version counts the writes of all accounts.
   */
  default boolean isVersioned() {
    return true;
  }

  /** As {@link #refusal(int, String)}, with a code where the errors of the face have one. */
  default Response refusal(int status, String code, String message) {
    return refusal(status, message);
  }

  /** Whether the path is the prefix itself or lies below it. */
  static boolean isBelow(String prefix, String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }
}
