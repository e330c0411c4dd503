package selvedge.server.edge;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * When requests may be forwarded, what is added to them, and when refused ones may be repeated.
 *
 * @param refusal returns why a request cannot be forwarded now; empty if it can
 * @param headers added to each forwarded request
 * @param retry added to the refusal of a request that was not forwarded
 */
public record Onward(
    Function<Request, Optional<String>> refusal,
    List<Response.Header> headers,
    List<Response.Header> retry) {
  private static final Response.Header SECOND = new Response.Header(HeaderNames.RETRY_AFTER, "1");

  /** A leader is elected within a few seconds, so a request is repeated often meanwhile. */
  private static final Response.Header SOON =
      new Response.Header(HeaderNames.SELVEDGE_RETRY_MILLIS, "250");

  /** Forwards every request as it is. */
  public static final Onward FREE = new Onward(_ -> Optional.empty(), List.of(), List.of(SECOND));

  public Onward {
    headers = List.copyOf(headers);
    retry = List.copyOf(retry);
  }

  /** Forwards requests to the voter that leads. */
  public static Onward toLeader(
      Function<Request, Optional<String>> refusal, Response.Header header) {
    return new Onward(refusal, List.of(header), List.of(SECOND, SOON));
  }

  /** Returns the refusal of a request that was not forwarded. */
  Response retry(Response refusal) {
    Response result = refusal;
    for (Response.Header each : retry) {
      result = result.header(each.name(), each.value());
    }
    return result;
  }
}
