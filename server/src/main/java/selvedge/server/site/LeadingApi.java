package selvedge.server.site;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Access;
import selvedge.server.api.route.ProbeRoute;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.UnmatchedRoute;

/**
 * The protocols at a voter that leads. A read is answered once it is proven that no other voter
 * leads, so it sees every write that was answered before. A write proves that itself.
 *
 * <p>Safe for use by many threads.
 */
final class LeadingApi implements ForwardingApi {
  private final Api origin;
  private final BooleanSupplier proven;
  private final Runnable prove;

  /**
   * @param proven returns whether it is proven that no other voter leads at this moment
   * @param prove returns once it is proven, or throws a {@link SelvedgeException}
   */
  LeadingApi(Api origin, BooleanSupplier proven, Runnable prove) {
    this.origin = origin;
    this.proven = proven;
    this.prove = prove;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return needsProof(request) && !proven.getAsBoolean()
        ? Optional.empty()
        : origin.answerNow(request);
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return origin.answerSoon(request, reply);
  }

  @Override
  public Response answer(Request request) {
    if (needsProof(request)) {
      try {
        prove.run();
      } catch (SelvedgeException e) {
        return origin
            .refusal(request, 503, "this server cannot show that it leads: " + e.getMessage())
            .header(HeaderNames.RETRY_AFTER, "1");
      }
    }
    return origin.answer(request);
  }

  /**
   * Returns whether the answer depends on what other voters may have changed. A request that is not
   * admitted needs no proof, because a proof is an entry of the log: a stranger could fill it.
   */
  private boolean needsProof(Request request) {
    Route route = Routes.of(request).route();
    return route.isRead()
        && !(route instanceof ProbeRoute)
        && !(route instanceof UnmatchedRoute)
        && !(route.entry().access() instanceof Access.Anyone)
        && origin.isAdmitted(request);
  }

  @Override
  public Api next() {
    return origin;
  }
}
