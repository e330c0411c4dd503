package selvedge.server.api.graphql;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Selection;

/** Executes GraphQL queries. Safe for use by many threads. */
public interface QueryEngine {

  /** Opens an engine. A {@link java.util.ServiceLoader} finds it at the first query. */
  interface Factory {
    QueryEngine open(Analytics analytics, Namespaces namespaces);
  }

  /**
   * A query.
   *
   * @param operation the name of the operation in the query; empty if it has one operation
   */
  record Question(String query, String operation, Map<String, @Nullable Object> variables) {}

  /**
   * Returns the members of the answer: {@code data}, and {@code errors} if there are any.
   *
   * @param growth holds memory for the groups
   */
  Map<String, Object> execute(Question question, Caller caller, Selection.Growth growth);
}
