package selvedge.server.api.shared;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;

/** How requests say how fresh an answer they want, and answers how fresh they are. */
public final class FreshnessHeaders {
  public static final String AS_OF = "Selvedge-As-Of";
  public static final String AGE = "Selvedge-Age";

  public static final String AT_LEAST = "Selvedge-At-Least";
  private static final String MAX_AGE = "Selvedge-Max-Age";
  private static final String CONSISTENCY = "Selvedge-Consistency";

  private FreshnessHeaders() {}

  /**
   * The headers that say how fresh an answer is.
   *
   * @param age in milliseconds, or that it is unknown
   */
  public static Response.Header[] stamp(Version asOf, String age) {
    return new Response.Header[] {
      new Response.Header(AS_OF, asOf.toString()), new Response.Header(AGE, age)
    };
  }

  /** Names the epoch of the versions in an answer of the native face, whose clients keep it. */
  public static Response withEpoch(Response response, Request request, long epoch) {
    return Routes.of(request).route().protocol() == ProtocolName.V1
            && response.header(AS_OF).isPresent()
        ? response.with(new Response.Header(LineageGate.EPOCH, Long.toString(epoch)))
        : response;
  }

  /** Whether not any answer will do that is here. */
  public static boolean asksForMore(Request request) {
    return LineageGate.concerns(request)
        || request.header(AT_LEAST).isPresent()
        || request.header(MAX_AGE).isPresent()
        || request.header(CONSISTENCY).isPresent();
  }

  /** Throws an {@link InvalidRequestException} if a header of these has no meaning. */
  public static void requireWellFormed(Request request) {
    atLeast(request);
    maxAge(request);
    isStrong(request);
  }

  /** The version that an answer must contain. */
  public static Optional<Version> atLeast(Request request) {
    return number(request, AT_LEAST, "a version, such as 42").map(Version::new);
  }

  /** How old the answer may be. */
  public static Optional<Duration> maxAge(Request request) {
    return number(request, MAX_AGE, "a number of milliseconds, such as 500")
        .map(Duration::ofMillis);
  }

  /** Whether only the origin may answer. */
  public static boolean isStrong(Request request) {
    Optional<String> given = request.header(CONSISTENCY);
    if (given.isPresent() && !given.get().equals("strong") && !given.get().equals("eventual")) {
      throw new InvalidRequestException(
          CONSISTENCY + " is strong or eventual, not \"" + given.get() + "\"");
    }
    return given.isPresent() && given.get().equals("strong");
  }

  private static Optional<Long> number(Request request, String name, String what) {
    Optional<String> given = request.header(name);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(given.get());
      if (number >= 0) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      throw notWhat(name, what, given.get());
    }
    throw notWhat(name, what, given.get());
  }

  private static InvalidRequestException notWhat(String name, String what, String given) {
    return new InvalidRequestException(name + " is " + what + ", not \"" + given + "\"");
  }
}
