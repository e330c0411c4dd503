package selvedge.server.otlp;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import selvedge.server.api.Request;
import selvedge.server.api.TraceContext;
import selvedge.server.api.TraceParent;
import selvedge.server.api.route.Routes;

/**
 * Decides which requests are traced, and keeps their spans until they are sent. Safe for use by
 * many threads.
 *
 * <p>A request of a client that records its trace is traced, and so is a share of the requests
 * without a trace.
 */
public final class Tracing {
  private static final int SPANS_MAX = 8192;

  private final InstantSource clock;
  private final boolean enabled;
  private final double share;
  private final BlockingQueue<Span> spans;
  private final LongAdder dropped = new LongAdder();

  private Tracing(InstantSource clock, boolean enabled, double share) {
    this.clock = clock;
    this.enabled = enabled;
    this.share = share;
    this.spans = new ArrayBlockingQueue<>(enabled ? SPANS_MAX : 1);
  }

  /**
   * Returns tracing whose spans an {@link OtlpExporter} sends.
   *
   * @param share of the requests without a trace that begin one, from 0 to 1
   */
  public static Tracing on(InstantSource clock, double share) {
    return new Tracing(clock, true, share);
  }

  /** Returns tracing that records nothing. */
  public static Tracing off(InstantSource clock) {
    return new Tracing(clock, false, 0);
  }

  /**
   * Begins the span of a request before its answer, because another server will answer a part of
   * it; empty if the request is not traced.
   */
  public Optional<TraceContext> begin(Request request) {
    Optional<TraceContext> context = context(request);
    context.ifPresent(request::trace);
    return context;
  }

  private Optional<TraceContext> context(Request request) {
    if (!enabled) {
      return Optional.empty();
    }
    Optional<TraceParent> parent = TraceParent.of(request);
    if (parent.isPresent()) {
      return parent
          .filter(TraceParent::isSampled)
          .map(of -> new TraceContext(of.traceId(), id(), of.parentId()));
    }
    return share > 0 && ThreadLocalRandom.current().nextDouble() < share
        ? Optional.of(new TraceContext(id() + id(), id(), ""))
        : Optional.empty();
  }

  /** Returns 16 hex digits that are not all zero. */
  private static String id() {
    return "%016x".formatted(ThreadLocalRandom.current().nextLong() | 1);
  }

  /**
   * Records the span of a request that was answered.
   *
   * @return the span; empty if the request is not traced
   */
  public Optional<TraceContext> end(Request request, int status, long nanos) {
    if (!enabled) {
      return Optional.empty();
    }
    Optional<TraceContext> context = request.takeTrace().or(() -> context(request));
    context.ifPresent(
        of -> {
          Instant now = clock.instant();
          long end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
          boolean kept =
              spans.offer(
                  new Span(
                      of,
                      Routes.of(request).route().operation(),
                      request.method(),
                      status,
                      request.countedFor(),
                      end - nanos,
                      end));
          if (!kept) {
            dropped.increment();
          }
        });
    return context;
  }

  /** Returns the spans that are not sent yet. */
  BlockingQueue<Span> spans() {
    return spans;
  }

  /** Counts spans that cannot be sent. */
  void drop(int count) {
    dropped.add(count);
  }

  /** Returns how many spans were lost, because the collector took none. */
  public long dropped() {
    return dropped.sum();
  }
}
