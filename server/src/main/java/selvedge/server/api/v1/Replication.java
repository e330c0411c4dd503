package selvedge.server.api.v1;

import selvedge.server.api.Json;

/**
 * The endpoints for servers that follow this one, and for operators.
 *
 * @param peers which servers may follow this one
 * @param status writes the members of the status
 */
public record Replication(
    FeedEndpoint feed,
    SnapshotEndpoint snapshot,
    BulkGetEndpoint many,
    DigestEndpoint digest,
    PositionEndpoint position,
    Peers peers,
    Json.Writing status,
    Control control) {}
