package selvedge.server.api.shared;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;

/**
 * What a request requires of the freshness of its answer.
 *
 * @param atLeast the version that the answer must contain; {@link Version#NONE} for any
 * @param maxAge the maximum age of the answer; empty for any
 * @param isStrong whether the origin must answer
 */
public record FreshnessHeaders(Version atLeast, Optional<Duration> maxAge, boolean isStrong) {

  /**
   * Parses the headers of the request.
   *
   * @throws InvalidRequestException if one of them is not valid
   */
  public static FreshnessHeaders of(Request request) {
    OptionalLong version = number(request, HeaderNames.SELVEDGE_AT_LEAST, "a version, such as 42");
    OptionalLong millis =
        number(request, HeaderNames.SELVEDGE_MAX_AGE, "a number of milliseconds, such as 500");
    return new FreshnessHeaders(
        version.isPresent() ? new Version(version.getAsLong()) : Version.NONE,
        millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty(),
        isStrong(request));
  }

  private static boolean isStrong(Request request) {
    String consistency = request.header(HeaderNames.SELVEDGE_CONSISTENCY).orElse("eventual");
    return switch (consistency) {
      case "strong" -> true;
      case "eventual" -> false;
      default ->
          throw new InvalidRequestException(
              HeaderNames.SELVEDGE_CONSISTENCY
                  + " must be strong or eventual, got \""
                  + consistency
                  + "\"");
    };
  }

  private static OptionalLong number(Request request, String name, String form) {
    Optional<String> text = request.header(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(text.get());
      if (number >= 0) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException e) {
      throw invalid(name, form, text.get());
    }
    throw invalid(name, form, text.get());
  }

  private static InvalidRequestException invalid(String name, String form, String text) {
    return new InvalidRequestException(name + " must be " + form + ", got \"" + text + "\"");
  }

  /** Returns whether any answer will do: the request has no header about freshness or lineage. */
  public static boolean areAbsent(Request request) {
    return !LineageCheck.concerns(request)
        && request.header(HeaderNames.SELVEDGE_AT_LEAST).isEmpty()
        && request.header(HeaderNames.SELVEDGE_MAX_AGE).isEmpty()
        && request.header(HeaderNames.SELVEDGE_CONSISTENCY).isEmpty();
  }

  /**
   * Returns the headers that say how fresh an answer is.
   *
   * @param age in milliseconds, or that it is unknown
   */
  public static Response.Header[] stamp(Version asOf, String age) {
    return new Response.Header[] {
      new Response.Header(HeaderNames.SELVEDGE_AS_OF, asOf.toString()),
      new Response.Header(HeaderNames.SELVEDGE_AGE, age)
    };
  }

  /** Names the epoch of the versions in an answer under {@code /v1}, whose clients keep it. */
  public static Response withEpoch(Response response, Request request, long epoch) {
    return Routes.of(request).route().protocol() == ProtocolName.V1
            && response.header(HeaderNames.SELVEDGE_AS_OF).isPresent()
        ? response.with(new Response.Header(HeaderNames.SELVEDGE_EPOCH, Long.toString(epoch)))
        : response;
  }
}
