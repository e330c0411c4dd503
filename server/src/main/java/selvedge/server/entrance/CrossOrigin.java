package selvedge.server.entrance;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.server.api.Body;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** How answers tell a browser which pages of other origins may read them. Immutable. */
final class CrossOrigin {
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String REQUEST_METHOD = "Access-Control-Request-Method";
  private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
  private static final String MAX_AGE_SECONDS = "600";
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]*");
  private static final Response.Header VARY = new Response.Header("Vary", "Origin");

  private final List<String> allowed;

  /**
   * @param allowed origins in lower case
   */
  CrossOrigin(List<String> allowed) {
    this.allowed = allowed;
  }

  boolean isEmpty() {
    return allowed.isEmpty();
  }

  boolean isAllowed(String origin) {
    return !origin.isEmpty() && allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  static boolean isPreflight(Request request) {
    return request.method().equals("OPTIONS") && request.header(REQUEST_METHOD).isPresent();
  }

  /** Says what a page of an allowed origin may send: reads, with whatever headers they take. */
  Response preflight(Request request, String origin) {
    Optional<String> names =
        request.header(REQUEST_HEADERS).filter(text -> NAMES.matcher(text).matches());
    String methods = request.path().endsWith("/bulk/get") ? "GET, HEAD, POST" : "GET, HEAD";
    Response response =
        Response.of(
            204,
            new Body.Held(Bytes.EMPTY),
            new Response.Header(ALLOW_ORIGIN, origin),
            new Response.Header("Access-Control-Allow-Methods", methods),
            new Response.Header("Access-Control-Max-Age", MAX_AGE_SECONDS),
            new Response.Header("Vary", "Origin, " + REQUEST_METHOD + ", " + REQUEST_HEADERS));
    return names.isEmpty()
        ? response
        : response.header("Access-Control-Allow-Headers", names.get());
  }

  /** The answer as a page of that origin may read it, headers and all. */
  Response readable(Response response, String origin) {
    return response.with(
        new Response.Header(ALLOW_ORIGIN, origin),
        new Response.Header("Access-Control-Expose-Headers", "*"),
        VARY);
  }

  /** The answer for everybody else, which no cache may hand to a page of an allowed origin. */
  Response varying(Response response) {
    return allowed.isEmpty() ? response : response.with(VARY);
  }
}
