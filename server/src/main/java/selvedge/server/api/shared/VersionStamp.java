package selvedge.server.api.shared;

import java.util.function.Predicate;
import selvedge.model.Version;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Routes;

/**
 * Adds to answers the version that they are as of, but not for unknown senders: the version counts
 * the writes of all accounts. Safe for use by many threads.
 */
public final class VersionStamp {
  private static final int UNAUTHORIZED = 401;

  private final Predicate<Request> admitted;

  /**
   * @param admitted whether the sender of a request is known, or the server is open
   */
  public VersionStamp(Predicate<Request> admitted) {
    this.admitted = admitted;
  }

  /**
   * Stamps a refusal, or an answer that a protocol returns only to admitted senders. The probes
   * answer every sender, so their answers are not stamped.
   */
  public Response stampAdmitted(Request request, Response response, Version asOf, String age) {
    return response.status() == UNAUTHORIZED || !isVersioned(request)
        ? response
        : response.with(FreshnessHeaders.stamp(asOf, age));
  }

  /** Stamps any answer to the request. */
  public Response stamp(Request request, Response response, Version asOf, String age) {
    return isFor(request) && response.status() != UNAUTHORIZED
        ? response.with(FreshnessHeaders.stamp(asOf, age))
        : response;
  }

  /** Returns whether the sender of the request may learn versions. */
  public boolean isFor(Request request) {
    return isVersioned(request) && admitted.test(request);
  }

  private static boolean isVersioned(Request request) {
    return Routes.of(request).route().protocol().isVersioned();
  }
}
