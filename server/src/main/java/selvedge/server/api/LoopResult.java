package selvedge.server.api;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the event loop has done for a request. */
public sealed interface LoopResult {

  /** Memory had the answer. */
  record Answered(Response response) implements LoopResult {
    @Override
    public LoopResult map(UnaryOperator<Response> change) {
      return new Answered(change.apply(response));
    }
  }

  /**
   * Everything but the read of one entry, which may block and then answers. One thread may run
   * several of them one after the other.
   */
  record Reading(Supplier<Response> rest) implements LoopResult {
    @Override
    public LoopResult map(UnaryOperator<Response> change) {
      return new Reading(() -> change.apply(rest.get()));
    }
  }

  /** Returns the same with a changed answer. */
  LoopResult map(UnaryOperator<Response> change);
}
