@NullMarked
package selvedge.graphql;

import org.jspecify.annotations.NullMarked;
