package selvedge.server.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.server.api.Request;
import selvedge.server.api.TraceContext;
import selvedge.server.api.TraceParent;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.V1Route;
import selvedge.server.http.HttpMeter;
import selvedge.server.otlp.Tracing;

/**
 * Logs a share of the requests, and every request that is slow, and ends their spans. Safe for use
 * by many threads.
 *
 * <p>Queries are left out, because clients may send secrets in them.
 */
public final class RequestLog implements HttpMeter {
  private static final Logger ACCESS = LoggerFactory.getLogger("selvedge.access");
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final double NANOS_PER_MILLI = 1e6;

  private final HttpMeter next;
  private final Tracing tracing;
  private final double share;
  private final long slowNanos;

  /**
   * @param next receives all measurements
   * @param tracing records the spans of requests
   * @param share of the requests that are logged, from 0 to 1
   * @param slow the time after which every request is logged
   */
  public RequestLog(HttpMeter next, Tracing tracing, double share, Duration slow) {
    this.next = next;
    this.tracing = tracing;
    this.share = share;
    this.slowNanos = slow.toNanos();
  }

  @Override
  public void connections(int change) {
    next.connections(change);
  }

  @Override
  public void inFlight(int change) {
    next.inFlight(change);
  }

  @Override
  public void answered(Request request, int status, long nanos, long in, long out) {
    Optional<TraceContext> span = tracing.end(request, status, nanos);
    span.ifPresentOrElse(
        of -> MeasuredSpan.during(of, () -> next.answered(request, status, nanos, in, out)),
        () -> next.answered(request, status, nanos, in, out));
    if (share > 0 && (share >= 1 || ThreadLocalRandom.current().nextDouble() < share)) {
      ACCESS.info("{}", line(request, status, nanos, span));
    }
    if (nanos >= slowNanos && !isStream(Routes.of(request).route())) {
      SlowRequestEvent.record(request, status, nanos);
      LOG.warn("slow request: {}", line(request, status, nanos, span));
    }
  }

  /** Returns whether the answer ends only when the client stops reading. */
  private static boolean isStream(Route route) {
    return route == V1Route.FOLLOW_FRAMES
        || route == V1Route.FOLLOW_ALL
        || route == V1Route.FOLLOW_NAMESPACE
        || route == V1Route.SNAPSHOT;
  }

  private static String line(Request request, int status, long nanos, Optional<TraceContext> span) {
    Route route = Routes.of(request).route();
    var line =
        new StringBuilder()
            .append(request.method())
            .append(' ')
            .append(request.path())
            .append(" status=")
            .append(status)
            .append(String.format(" millis=%.1f", nanos / NANOS_PER_MILLI))
            .append(" operation=")
            .append(route.operation().replace(' ', '-'))
            .append(" client=")
            .append(request.clientAddress());
    request.header("X-Request-Id").ifPresent(id -> line.append(" request=").append(id));
    span.map(TraceContext::traceId)
        .or(() -> TraceParent.of(request).map(TraceParent::traceId))
        .ifPresent(id -> line.append(" trace=").append(id));
    return line.toString();
  }
}
