package selvedge.server.otlp;

import selvedge.model.NamespaceId;
import selvedge.server.api.TraceContext;

/**
 * An answered request that is part of a trace. It has no path, because a path has a key.
 *
 * @param operation the operation of its route
 * @param namespace that it counts for; {@link NamespaceId#SYSTEM} for none
 * @param start nanoseconds since 1970
 * @param end nanoseconds since 1970
 */
record Span(
    TraceContext context,
    String operation,
    String method,
    int status,
    NamespaceId namespace,
    long start,
    long end) {}
