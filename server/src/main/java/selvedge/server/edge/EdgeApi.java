package selvedge.server.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import selvedge.engine.edge.Replica;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Version;
import selvedge.server.api.Api;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.route.EdgeRule;
import selvedge.server.api.route.Routes;
import selvedge.server.api.shared.FreshnessHeaders;
import selvedge.server.api.shared.LineageGate;
import selvedge.server.api.shared.VersionStamp;

/**
 * The faces of an edge: reads are answered from the replica, and everything else by the origin.
 * Safe for use by many threads.
 */
public final class EdgeApi implements Api {
  private static final int HELD_BYTES_MAX = 1 << 20;
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int MISDIRECTED = 421;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What belongs to one connection, or is said anew here. */
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "expect",
          "content-length",
          "host",
          "date",
          "selvedge-age",
          "selvedge-visible",
          "x-content-type-options",
          "cross-origin-resource-policy");

  /** What a browser or a proxy says to this edge, and would not say to its origin. */
  private static final Set<String> CHECKED_HERE = Set.of("origin", "forwarded", "x-real-ip", "via");

  private static final List<String> CHECKED_HERE_PREFIXES = List.of("sec-fetch-", "x-forwarded-");

  private final ApiRouter faces;
  private final LineageGate lineage;
  private final Replica replica;
  private final Upstream upstream;
  private final Duration patience;
  private final long bodyBytesMax;
  private final LongSupplier ticks;
  private final VersionStamp stamp;
  private final Supplier<Optional<String>> suspension;
  private final Predicate<Request> owner;

  /** Requests that are forwarded with tokens of which only the origin can know. */
  private final Set<Request> strangers = ConcurrentHashMap.newKeySet();

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param admitted whether the sender of a request is known, or the server is open
   * @param suspension why tokens are not honoured at present, if so
   * @param owner whether the owner of the data directory sends the request
   */
  public EdgeApi(
      ApiRouter faces,
      LineageGate lineage,
      Replica replica,
      Upstream upstream,
      Limits limits,
      LongSupplier ticks,
      Predicate<Request> admitted,
      Supplier<Optional<String>> suspension,
      Predicate<Request> owner) {
    this.faces = faces;
    this.lineage = lineage;
    this.replica = replica;
    this.upstream = upstream;
    this.patience = Duration.ofMillis(limits.get(Limit.EDGE_WAIT_MILLIS));
    this.bodyBytesMax = limits.get(Limit.JSON_BODY_BYTES);
    this.ticks = ticks;
    this.stamp = new VersionStamp(admitted);
    this.suspension = suspension;
    this.owner = owner;
  }

  /** Changes go to the origin. */
  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return false;
  }

  /** A read that memory does not answer may have to wait for the origin, so it shares no thread. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    if (!FreshnessHeaders.areAbsent(request) || !isLocal(request) || suspension.get().isPresent()) {
      return Optional.empty();
    }
    Version asOf = replica.latest();
    return faces
        .answerNow(request)
        .filter(LoopResult.Answered.class::isInstance)
        .map(
            prompt ->
                prompt.map(
                    response ->
                        withEpoch(request, stamp.stampAdmitted(request, response, asOf, age()))));
  }

  @Override
  public Response answer(Request request) {
    if (!isLocal(request)) {
      return forward(request);
    }
    try {
      FreshnessHeaders freshness = FreshnessHeaders.of(request);
      if (!LineageGate.comparesItself(request)) {
        if (lineage.isUnknown(request)) {
          return forward(request);
        }
        Optional<Response> refusal = lineage.refusal(request, freshness);
        if (refusal.isPresent()) {
          return stamped(request, refusal.get(), replica.latest());
        }
      }
      return isFreshEnough(freshness) ? readHere(request) : forward(request);
    } catch (InvalidRequestException e) {
      return faces.refusal(request, 400, String.valueOf(e.getMessage()));
    }
  }

  /** What needs more than is held of a cached namespace is asked of the origin after all. */
  private Response readHere(Request request) {
    if (!replica.isPartial()) {
      return local(request);
    }
    try {
      Request again = RepeatableRequest.of(request, bodyBytesMax);
      Response response = local(again);
      return response.status() == MISDIRECTED ? forward(again) : response;
    } catch (IOException e) {
      int status = e instanceof MalformedBodyException ? 400 : 408;
      return faces.refusal(request, status, String.valueOf(e.getMessage()));
    }
  }

  /** An edge that holds a part of the namespaces is no server to follow. */
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

  /** Waits for a version, but not for long. */
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
      String reason = suspension.get().orElse("tokens were not honoured a moment ago");
      return faces.refusal(request, 503, reason).header(HeaderNames.RETRY_AFTER, "1");
    }
    Version asOf = replica.latest();
    return stamped(request, faces.answer(request), asOf);
  }

  private Response stamped(Request request, Response response, Version asOf) {
    return withEpoch(request, stamp.stamp(request, response, asOf, age()));
  }

  private Response withEpoch(Request request, Response response) {
    return FreshnessHeaders.withEpoch(response, request, replica.epoch());
  }

  private String age() {
    return replica.freshness().age().map(each -> millis(each.toNanos())).orElse("unknown");
  }

  /** Rounded up, for an age is never understated. */
  private static String millis(long nanos) {
    return Long.toString((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }

  /** A token that has not arrived here yet may have been made at the origin just now. */
  private Response forward(Request request) {
    if (faces.isAdmitted(request)) {
      return forwarded(request);
    }
    strangers.add(request);
    try {
      return forwarded(request);
    } finally {
      strangers.remove(request);
    }
  }

  private Response forwarded(Request request) {
    long start = ticks.getAsLong();
    try {
      Upstream.Answer answer =
          upstream.send(
              request.method(),
              target(request),
              headers(request),
              request.contentLength(),
              request.body());
      return waited(request, answered(request, answer, start));
    } catch (UnreachableException e) {
      return faces
          .refusal(request, 503, "the origin " + e.getMessage() + "; reads go on here")
          .header(HeaderNames.RETRY_AFTER, "1");
    } catch (IOException e) {
      String message = "the origin has not answered, so nobody here knows what it did: ";
      return faces.refusal(request, 502, message + e.getMessage());
    }
  }

  private static String target(Request request) {
    return request.query().isEmpty() ? request.path() : request.path() + "?" + request.query();
  }

  private List<Response.Header> headers(Request request) {
    List<Response.Header> headers = new ArrayList<>();
    headers.add(new Response.Header(HeaderNames.HOST, upstream.origin().getAuthority()));
    request.headers().stream().filter(EdgeApi::isForwarded).forEach(headers::add);
    if (request.header(HeaderNames.SELVEDGE_CLUSTER).isEmpty()) {
      upstream.clusterHeader().ifPresent(headers::add);
    }
    return headers;
  }

  /** HTTP/2 has headers of its own, whose names begin with a colon or x-http2. */
  private static boolean isForwarded(Response.Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return !NOT_FORWARDED.contains(name)
        && !CHECKED_HERE.contains(name)
        && CHECKED_HERE_PREFIXES.stream().noneMatch(name::startsWith)
        && !name.startsWith(":")
        && !name.startsWith("x-http2");
  }

  private Response answered(Request request, Upstream.Answer answer, long start)
      throws IOException {
    List<Response.Header> headers = new ArrayList<>();
    answer.head().headers().stream().filter(EdgeApi::isForwarded).forEach(headers::add);
    String age = answer.head().header(HeaderNames.SELVEDGE_AGE);
    if (!age.isEmpty()) {
      headers.add(new Response.Header(HeaderNames.SELVEDGE_AGE, older(age, start)));
    }
    return new Response(
        answer.head().status(), answer.head().reason(), headers, body(request, answer));
  }

  /** What an answer was when the origin made it, it is no more when it is here. */
  private String older(String age, long start) {
    try {
      return millis(Long.parseLong(age) * NANOS_PER_MILLI + ticks.getAsLong() - start);
    } catch (NumberFormatException e) {
      return age;
    }
  }

  private static Body body(Request request, Upstream.Answer answer) throws IOException {
    if (isFollowed(request) && answer.head().status() == 200) {
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

  /** Returns whether the answer has no end, or one that is far away. */
  private static boolean isFollowed(Request request) {
    return Routes.of(request).route().entry().edge() == EdgeRule.WHOLE_EDGE;
  }

  private static void copy(Upstream.Answer answer, OutputStream out) throws IOException {
    try (InputStream body = answer.body()) {
      body.transferTo(out);
    }
  }

  /** Sends on what has come as soon as it has come. */
  private static void follow(Upstream.Answer answer, OutputStream out) throws IOException {
    try (InputStream body = answer.body()) {
      byte[] piece = new byte[PIECE_BYTES];
      for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
        out.write(piece, 0, read);
        out.flush();
      }
    }
  }

  /** Whoever has made a change here reads it here, unless that would take too long. */
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
        && (strangers.contains(request) || faces.isAdmitted(request));
  }

  private boolean isSuspended(Request request) {
    return suspension.get().isPresent()
        && Routes.of(request).route().protocol().isVersioned()
        && !owner.test(request);
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    return faces.refusal(request, status, message);
  }

  @Override
  public RequestOwner standing(Request request) {
    return faces.standing(request);
  }

  @Override
  public Response refusal(int status, String message) {
    return faces.refusal(status, message);
  }
}
