/** Executes GraphQL queries for analytics. */
@NullMarked
package selvedge.graphql;

import org.jspecify.annotations.NullMarked;
