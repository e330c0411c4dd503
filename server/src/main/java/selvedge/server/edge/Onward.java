package selvedge.server.edge;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * When requests may be forwarded, and what is added to them.
 *
 * @param refusal returns why a request cannot be forwarded now; empty if it can
 * @param headers added to each forwarded request
 */
public record Onward(Function<Request, Optional<String>> refusal, List<Response.Header> headers) {
  /** Forwards every request as it is. */
  public static final Onward FREE = new Onward(_ -> Optional.empty(), List.of());

  public Onward {
    headers = List.copyOf(headers);
  }
}
