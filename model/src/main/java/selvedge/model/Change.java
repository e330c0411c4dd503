package selvedge.model;

import java.time.Instant;

/**
 * A mutation that has been given its place in the order.
 *
 * @param at when the origin decided it; tells people, orders nothing
 */
public record Change(Version version, Instant at, NamespaceId namespace, Mutation mutation) {}
