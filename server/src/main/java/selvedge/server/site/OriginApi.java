package selvedge.server.site;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.route.Routes;
import selvedge.server.api.shared.FreshnessHeaders;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.shared.VersionStamp;
import selvedge.server.audit.AuditTrail;

/**
 * The protocols at an origin, where every answer is the newest. Adds to each answer the version
 * that it is as of. Safe for use by many threads.
 */
public final class OriginApi implements ForwardingApi {
  private final ApiRouter router;
  private final LineageCheck lineage;
  private final Supplier<Version> latest;
  private final VersionStamp stamp;
  private final LongSupplier epoch;
  private final AuditTrail trail;

  /**
   * @param admitted whether a request has a known token, or the server needs none
   */
  public OriginApi(
      ApiRouter router,
      LineageCheck lineage,
      Supplier<Version> latest,
      LongSupplier epoch,
      AuditTrail trail,
      Predicate<Request> admitted) {
    this.router = router;
    this.lineage = lineage;
    this.latest = latest;
    this.stamp = new VersionStamp(admitted);
    this.epoch = epoch;
    this.trail = trail;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    if (!FreshnessHeaders.areAbsent(request)) {
      return Optional.empty();
    }
    Version asOf = latest.get();
    return router
        .answerNow(request)
        .map(
            result ->
                result.map(
                    response ->
                        withEpoch(request, stamp.stampAdmitted(request, response, asOf, "0"))));
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return FreshnessHeaders.areAbsent(request)
        && router.answerSoon(
            request,
            making ->
                reply.answer(
                    () ->
                        withEpoch(
                            request,
                            stamp.stampAdmitted(request, making.get(), latest.get(), "0"))));
  }

  private Response withEpoch(Request request, Response response) {
    return FreshnessHeaders.withEpoch(response, request, epoch.getAsLong());
  }

  /**
   * Answers a request. A read is as of the version before it, and a change is contained in the
   * version after it.
   */
  @Override
  public Response answer(Request request) {
    Version before = latest.get();
    try {
      FreshnessHeaders freshness = FreshnessHeaders.of(request);
      Optional<Response> refusal = lineage.refusal(request, freshness);
      if (refusal.isPresent()) {
        return stamped(request, refusal.get(), before);
      }
      Version least = freshness.atLeast();
      if (least.compareTo(before) > 0 && stamp.isFor(request)) {
        return stampedRefusal(
            request, 503, "the origin is at version " + before + ", before " + least);
      }
    } catch (InvalidRequestException e) {
      return stampedRefusal(request, 400, String.valueOf(e.getMessage()));
    }
    Response response = trail.answer(request, () -> router.answer(request));
    Version asOf = Routes.of(request).route().isRead() ? before : latest.get();
    return stamped(request, response, asOf);
  }

  private Response stampedRefusal(Request request, int status, String message) {
    return stamped(request, router.refusal(request, status, message), latest.get());
  }

  private Response stamped(Request request, Response response, Version asOf) {
    return withEpoch(request, stamp.stamp(request, response, asOf, "0"));
  }

  @Override
  public Api next() {
    return router;
  }
}
