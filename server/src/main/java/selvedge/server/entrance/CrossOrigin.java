package selvedge.server.entrance;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Routes;

/** Adds the CORS headers that let pages of allowed origins read responses. Immutable. */
final class CrossOrigin {
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String REQUEST_METHOD = "Access-Control-Request-Method";
  private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
  private static final String MAX_AGE_SECONDS = "600";
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]*");
  private static final Response.Header VARY = new Response.Header(HeaderNames.VARY, "Origin");

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

  /** Answers the preflight of a page of an allowed origin: it may send reads, with any headers. */
  Response preflight(Request request, String origin) {
    Optional<String> names =
        request.header(REQUEST_HEADERS).filter(text -> NAMES.matcher(text).matches());
    String methods = Routes.mayReadByPost(request.path()) ? "GET, HEAD, POST" : "GET, HEAD";
    Response response =
        Response.of(
            204,
            new Body.Held(Bytes.EMPTY),
            new Response.Header(ALLOW_ORIGIN, origin),
            new Response.Header("Access-Control-Allow-Methods", methods),
            new Response.Header("Access-Control-Max-Age", MAX_AGE_SECONDS),
            new Response.Header(
                HeaderNames.VARY, "Origin, " + REQUEST_METHOD + ", " + REQUEST_HEADERS));
    return names.isEmpty()
        ? response
        : response.header("Access-Control-Allow-Headers", names.get());
  }

  /** Returns the response with the headers that let pages of the origin read it. */
  Response readable(Response response, String origin) {
    return response.with(
        new Response.Header(ALLOW_ORIGIN, origin),
        new Response.Header("Access-Control-Expose-Headers", "*"),
        VARY);
  }

  /**
   * Returns the response for all other clients. {@code Vary} keeps caches from returning it to a
   * page of an allowed origin.
   */
  Response varying(Response response) {
    return allowed.isEmpty() ? response : response.with(VARY);
  }
}
