package selvedge.model;

import java.time.Instant;

/**
 * A mutation with its place in the order of all changes.
 *
 * @param version its place in the order
 * @param at the time at which the origin decided it; informative, the order is that of the versions
 * @param namespace the namespace that it changes
 * @param mutation what it changes
 */
public record Change(Version version, Instant at, NamespaceId namespace, Mutation mutation) {}
