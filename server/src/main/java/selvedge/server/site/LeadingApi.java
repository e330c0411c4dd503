package selvedge.server.site;

import java.util.Optional;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ProbeRoute;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.voter.Voter;

/**
 * The protocols at a voter that leads. A read is answered once it is proven that no other voter
 * leads, so it sees every write that was answered before. A write proves that itself.
 *
 * <p>Safe for use by many threads.
 */
final class LeadingApi implements ForwardingApi {
  private final Api origin;
  private final Voter voter;

  LeadingApi(Api origin, Voter voter) {
    this.origin = origin;
    this.voter = voter;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return needsProof(request) && !voter.isProven() ? Optional.empty() : origin.answerNow(request);
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return origin.answerSoon(request, reply);
  }

  @Override
  public Response answer(Request request) {
    if (needsProof(request)) {
      try {
        voter.prove();
      } catch (SelvedgeException e) {
        return origin
            .refusal(request, 503, "this server cannot show that it leads: " + e.getMessage())
            .header(HeaderNames.RETRY_AFTER, "1");
      }
    }
    return origin.answer(request);
  }

  private static boolean needsProof(Request request) {
    Route route = Routes.of(request).route();
    return route.isRead() && !(route instanceof ProbeRoute);
  }

  @Override
  public Api next() {
    return origin;
  }
}
