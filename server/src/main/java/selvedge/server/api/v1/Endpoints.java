package selvedge.server.api.v1;

/** The endpoints under {@code /v1} that need more than the namespaces. */
public record Endpoints(
    TokensEndpoint tokens,
    AuditEndpoint audit,
    SessionEndpoint sessions,
    SummaryEndpoint summaries,
    HistoryEndpoint history,
    OverviewEndpoint overview,
    AnalyticsEndpoint analytics,
    StalenessEndpoint staleness,
    Replication replication) {}
