package selvedge.server.api;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** How far a request comes on the event loop. */
public sealed interface LoopResult {

  /** All the way: memory had the answer. */
  record Answered(Response response) implements LoopResult {
    @Override
    public LoopResult map(UnaryOperator<Response> change) {
      return new Answered(change.apply(response));
    }
  }

  /**
   * Up to the read of one entry, which may block and then answers. One thread may make several of
   * them in a row.
   */
  record Reading(Supplier<Response> rest) implements LoopResult {
    @Override
    public LoopResult map(UnaryOperator<Response> change) {
      return new Reading(() -> change.apply(rest.get()));
    }
  }

  /** The same with another answer in the end. */
  LoopResult map(UnaryOperator<Response> change);
}
