/** Fair shares of limits that all callers have in common. */
@NullMarked
package selvedge.server.fairness;

import org.jspecify.annotations.NullMarked;
