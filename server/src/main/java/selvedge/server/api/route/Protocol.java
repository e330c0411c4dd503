package selvedge.server.api.route;

import java.util.Optional;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** One of the protocols that the server speaks: answers the requests for its routes. */
public interface Protocol {

  /** Returns the name by which routes refer to it. */
  ProtocolName name();

  /** As {@link selvedge.server.api.Api#answerNow}. */
  default Optional<LoopResult> answerNow(Request request) {
    return Optional.empty();
  }

  /** As {@link selvedge.server.api.Api#answerSoon}. */
  default boolean answerSoon(Request request, Reply reply) {
    return false;
  }

  /** As {@link selvedge.server.api.Api#answer}. */
  Response answer(Request request);

  /** As {@link selvedge.server.api.Api#isAdmitted}. */
  default boolean isAdmitted(Request request) {
    return true;
  }

  /** As {@link selvedge.server.api.Api#refusal}. */
  Response refusal(int status, String message);

  /** As {@link #refusal(int, String)}, with a code where the errors of the protocol have one. */
  default Response refusal(int status, String code, String message) {
    return refusal(status, message);
  }
}
