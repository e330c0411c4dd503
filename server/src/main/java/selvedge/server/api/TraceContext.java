package selvedge.server.api;

/**
 * The span of a traced request at this server.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param parentId of the span that caused it; empty for the first span of a trace
 */
public record TraceContext(String traceId, String spanId, String parentId) {

  /** Returns the header {@code traceparent} of requests that are part of the span. */
  public Response.Header header() {
    return new Response.Header(HeaderNames.TRACEPARENT, "00-" + traceId + "-" + spanId + "-01");
  }
}
