package selvedge.graphql;

import selvedge.model.Namespaces;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.graphql.QueryEngine;

/** Opens the engine for the server. Stateless. */
public final class GraphqlFactory implements QueryEngine.Factory {
  @Override
  public QueryEngine open(Analytics analytics, Namespaces namespaces) {
    return new GraphqlEngine(analytics, namespaces);
  }
}
