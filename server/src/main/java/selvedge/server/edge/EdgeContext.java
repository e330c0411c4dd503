package selvedge.server.edge;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import selvedge.engine.edge.Replica;
import selvedge.model.Limits;
import selvedge.server.api.Request;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.audit.AuditTrail;
import selvedge.server.otlp.Tracing;

/**
 * What the protocols at an edge work on.
 *
 * @param upstream the connections to the origin
 * @param trail records administrative acts that the edge itself answers
 * @param ticks a clock in nanoseconds that only measures spans
 * @param admitted whether the sender of a request is known, or the server is open
 * @param suspension why no token is honoured at present; empty while tokens are honoured
 * @param owner whether the owner of the data directory sends the request
 * @param tracing decides which requests are traced
 * @param onward when requests may be forwarded
 */
public record EdgeContext(
    ApiRouter router,
    LineageCheck lineage,
    Replica replica,
    Upstream upstream,
    AuditTrail trail,
    Limits limits,
    LongSupplier ticks,
    Predicate<Request> admitted,
    Supplier<Optional<String>> suspension,
    Predicate<Request> owner,
    Tracing tracing,
    Onward onward) {}
