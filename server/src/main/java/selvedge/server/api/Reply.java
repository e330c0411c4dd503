package selvedge.server.api;

import java.util.function.Supplier;

/** Where the answer to one request goes, once and from any thread. */
public interface Reply {

  /**
   * Sends what is made there.
   *
   * @param making runs where the answer is sent
   */
  void answer(Supplier<Response> making);
}
