package selvedge.server.metrics;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.TraceContext;

/**
 * The span of the request that a thread records, which histograms keep as an exemplar. Safe for use
 * by many threads.
 */
final class MeasuredSpan implements SpanContext {
  private static final ScopedValue<TraceContext> CURRENT = ScopedValue.newInstance();

  /** Runs an act that records the time of a request. */
  static void during(TraceContext span, Runnable act) {
    ScopedValue.where(CURRENT, span).run(act);
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    return CURRENT.isBound() ? CURRENT.get().traceId() : null;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    return CURRENT.isBound() ? CURRENT.get().spanId() : null;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return CURRENT.isBound();
  }

  /** Does nothing, because every span of this server is sent. */
  @Override
  public void markCurrentSpanAsExemplar() {}
}
