/** The path of GraphQL queries for analytics. */
@NullMarked
package selvedge.server.api.graphql;

import org.jspecify.annotations.NullMarked;
