package selvedge.server.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.edge.Replica;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.server.api.Api;
import selvedge.server.api.Body;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.route.EdgeRule;
import selvedge.server.api.route.Routes;
import selvedge.server.api.shared.FreshnessHeaders;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.shared.VersionStamp;

/**
 * The protocols at an edge: answers from the replica what the route of a request lets an edge
 * answer, and forwards everything else to the origin. Safe for use by many threads.
 */
public final class EdgeApi implements ForwardingApi {
  private static final int HELD_BYTES_MAX = 1 << 20;
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int MISDIRECTED = 421;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final EdgeContext context;
  private final ApiRouter router;
  private final Replica replica;
  private final Duration patience;
  private final long bodyBytesMax;
  private final VersionStamp stamp;

  /** The requests under way whose token is not known here, so that only the origin can check it. */
  private final Set<Request> unknownSenders = ConcurrentHashMap.newKeySet();

  /**
   * The state of the replica before it answered a request.
   *
   * @param age empty if it is not known
   * @param tick the time at which it had this age
   */
  private record State(Version asOf, Optional<Duration> age, long tick) {}

  public EdgeApi(EdgeContext context) {
    this.context = context;
    this.router = context.router();
    this.replica = context.replica();
    this.patience = Duration.ofMillis(context.limits().get(Limit.EDGE_WAIT_MILLIS));
    this.bodyBytesMax = context.limits().get(Limit.JSON_BODY_BYTES);
    this.stamp = new VersionStamp(context.admitted());
  }

  /** Submits nothing, because only the origin changes entries. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return false;
  }

  /**
   * Answers from memory. A read that needs the store may have to wait for the origin, so it gets a
   * thread of its own.
   */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    if (!FreshnessHeaders.areAbsent(request)
        || !isLocal(request)
        || context.suspension().get().isPresent()) {
      return Optional.empty();
    }
    State state = state();
    return router
        .answerNow(request)
        .filter(LoopResult.Answered.class::isInstance)
        .map(
            result ->
                result.map(
                    response ->
                        withEpoch(
                            request,
                            stamp.stampAdmitted(request, response, state.asOf(), age(state)))));
  }

  @Override
  public Response answer(Request request) {
    // The origin could not admit it either, so it makes no work there and waits for no version.
    if (!request.provenance().mayHaveToken() && !router.isAdmitted(request)) {
      return local(request);
    }
    if (!isLocal(request)) {
      return forward(request);
    }
    try {
      FreshnessHeaders freshness = FreshnessHeaders.of(request);
      if (!LineageCheck.comparesItself(request)) {
        if (context.lineage().isUnknown(request)) {
          return forward(request);
        }
        Optional<Response> refusal = context.lineage().refusal(request, freshness);
        if (refusal.isPresent()) {
          return stamped(request, refusal.get(), state());
        }
      }
      return isFreshEnough(freshness) ? readHere(request) : forward(request);
    } catch (InvalidRequestException e) {
      return router.refusal(request, 400, String.valueOf(e.getMessage()));
    }
  }

  /** Answers from the replica; forwards a read of a cached namespace that is not complete here. */
  private Response readHere(Request request) {
    if (!replica.isPartial() || !router.isAdmitted(request)) {
      return local(request);
    }
    try {
      Request again = RepeatableRequest.of(request, bodyBytesMax);
      Response response = local(again);
      return response.status() == MISDIRECTED ? forward(again) : response;
    } catch (IOException e) {
      int status = e instanceof MalformedBodyException ? 400 : 408;
      return router.refusal(request, status, String.valueOf(e.getMessage()));
    }
  }

  /** Returns whether this edge may answer. One that lacks namespaces must not be followed. */
  private boolean isLocal(Request request) {
    return switch (Routes.of(request).route().entry().edge()) {
      case EDGE -> true;
      case WHOLE_EDGE -> !replica.isPartial();
      case ORIGIN -> false;
    };
  }

  private boolean isFreshEnough(FreshnessHeaders freshness) {
    if (freshness.isStrong()
        || (freshness.maxAge().isPresent()
            && !replica.freshness().isWithin(freshness.maxAge().get()))) {
      return false;
    }
    return freshness.atLeast().equals(Version.NONE) || hasArrived(freshness.atLeast());
  }

  /** Waits for the version for a bounded time, and returns whether the replica has it. */
  private boolean hasArrived(Version version) {
    if (version.number() > 0) {
      try {
        replica.signal().await(new Version(version.number() - 1), patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return replica.latest().compareTo(version) >= 0;
  }

  private Response local(Request request) {
    if (isSuspended(request)) {
      String reason = context.suspension().get().orElse("tokens were not honoured a moment ago");
      return router.refusal(request, 503, reason).header(HeaderNames.RETRY_AFTER, "1");
    }
    State state = state();
    return stamped(request, context.trail().answer(request, () -> router.answer(request)), state);
  }

  private Response stamped(Request request, Response response, State state) {
    return withEpoch(request, stamp.stamp(request, response, state.asOf(), age(state)));
  }

  private Response withEpoch(Request request, Response response) {
    return FreshnessHeaders.withEpoch(response, request, replica.epoch());
  }

  /** The age is read first: the replica may be complete again before its version is read. */
  private State state() {
    long tick = context.ticks().getAsLong();
    Optional<Duration> age = replica.freshness().age();
    return new State(replica.latest(), age, tick);
  }

  private String age(State state) {
    long since = context.ticks().getAsLong() - state.tick();
    return state.age().map(each -> millis(each.toNanos() + since)).orElse("unknown");
  }

  /** Rounds up, because an age must not be understated. */
  private static String millis(long nanos) {
    return Long.toString((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }

  /** Forwards the request, also with an unknown token: it may be too new to have arrived here. */
  private Response forward(Request request) {
    Optional<String> refusal = context.onward().refusal().apply(request);
    if (refusal.isPresent()) {
      return context.onward().retry(router.refusal(request, 503, refusal.get()));
    }
    if (router.isAdmitted(request)) {
      return forwarded(request);
    }
    unknownSenders.add(request);
    try {
      return forwarded(request);
    } finally {
      unknownSenders.remove(request);
    }
  }

  /** The server that answers the request counts it. */
  private Response forwarded(Request request) {
    request.countFor(NamespaceId.SYSTEM);
    long start = context.ticks().getAsLong();
    try {
      Upstream.Answer answer =
          context
              .upstream()
              .send(
                  request.method(),
                  target(request),
                  headers(request),
                  request.contentLength(),
                  request.body());
      return waited(request, answered(request, answer, start));
    } catch (UnreachableException e) {
      return context
          .onward()
          .retry(router.refusal(request, 503, e.getMessage() + "; reads go on here"));
    } catch (IOException e) {
      String message = "the origin did not answer, so the outcome of the request is unknown: ";
      return router.refusal(request, 502, message + e.getMessage());
    }
  }

  private static String target(Request request) {
    return request.query().isEmpty() ? request.path() : request.path() + "?" + request.query();
  }

  private List<Response.Header> headers(Request request) {
    List<Response.Header> headers = new ArrayList<>();
    headers.add(new Response.Header(HeaderNames.HOST, context.upstream().authority()));
    request.headers().stream().filter(ForwardedHeaders::has).forEach(headers::add);
    context
        .tracing()
        .begin(request)
        .ifPresent(
            span -> {
              headers.removeIf(each -> each.name().equalsIgnoreCase(HeaderNames.TRACEPARENT));
              headers.add(span.header());
            });
    headers.addAll(context.onward().headers());
    if (Routes.of(request).route().isAudited()) {
      headers.addAll(context.upstream().clientHeaders(context.trail().addressOf(request)));
    }
    if (request.header(HeaderNames.SELVEDGE_CLUSTER).isEmpty()) {
      context.upstream().clusterHeader().ifPresent(headers::add);
    }
    headers.add(context.lineage().edgeEpoch(request, replica.epoch()));
    return headers;
  }

  private Response answered(Request request, Upstream.Answer answer, long start)
      throws IOException {
    List<Response.Header> headers = new ArrayList<>();
    answer.head().headers().stream().filter(ForwardedHeaders::has).forEach(headers::add);
    String age = answer.head().header(HeaderNames.SELVEDGE_AGE);
    if (!age.isEmpty()) {
      headers.add(new Response.Header(HeaderNames.SELVEDGE_AGE, older(age, start)));
    }
    return new Response(
        answer.head().status(), answer.head().reason(), headers, body(request, answer));
  }

  /** Adds the time since the request was forwarded to the age that the origin returned. */
  private String older(String age, long start) {
    try {
      return millis(Long.parseLong(age) * NANOS_PER_MILLI + context.ticks().getAsLong() - start);
    } catch (NumberFormatException e) {
      return age;
    }
  }

  private static Body body(Request request, Upstream.Answer answer) throws IOException {
    if (isFollowed(request, answer) && answer.head().status() == 200) {
      return new Body.Live(out -> follow(answer, out));
    }
    String length = answer.head().header(HeaderNames.CONTENT_LENGTH);
    if (request.method().equals("HEAD") || answer.head().isBare()) {
      answer.body().readAllBytes();
      return new Body.Announced(length.isEmpty() ? 0 : Long.parseLong(length));
    }
    if (length.isEmpty() || Long.parseLong(length) > HELD_BYTES_MAX) {
      return new Body.Written(out -> copy(answer, out));
    }
    try (InputStream body = answer.body()) {
      return new Body.Held(Bytes.adopt(body.readAllBytes()));
    }
  }

  /** Returns whether the answer must be sent as it arrives, because it may never end. */
  private static boolean isFollowed(Request request, Upstream.Answer answer) {
    return Routes.of(request).route().entry().edge() == EdgeRule.WHOLE_EDGE
        || answer.head().header(HeaderNames.CONTENT_TYPE).equals("application/x-ndjson");
  }

  private static void copy(Upstream.Answer answer, OutputStream out) throws IOException {
    try (InputStream body = answer.body()) {
      body.transferTo(out);
    }
  }

  /** Flushes each piece, so that the client gets it at once. */
  private static void follow(Upstream.Answer answer, OutputStream out) throws IOException {
    try (InputStream body = answer.body()) {
      byte[] piece = new byte[PIECE_BYTES];
      for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
        out.write(piece, 0, read);
        out.flush();
      }
    }
  }

  /** Waits until the client can read its change here, and says so if that takes too long. */
  private Response waited(Request request, Response response) {
    if (Routes.of(request).route().isRead() || response.status() >= 400) {
      return response;
    }
    Optional<Version> made =
        response
            .header(HeaderNames.SELVEDGE_VERSION)
            .or(() -> response.header(HeaderNames.SELVEDGE_AS_OF))
            .map(text -> new Version(Long.parseLong(text)));
    return made.isEmpty() || hasArrived(made.get())
        ? response
        : response.header(HeaderNames.SELVEDGE_VISIBLE, "later");
  }

  @Override
  public boolean isAdmitted(Request request) {
    return !(isLocal(request) && isSuspended(request))
        && (unknownSenders.contains(request) || router.isAdmitted(request));
  }

  private boolean isSuspended(Request request) {
    return context.suspension().get().isPresent()
        && Routes.of(request).route().protocol().isVersioned()
        && !context.owner().test(request);
  }

  @Override
  public Api next() {
    return router;
  }
}
