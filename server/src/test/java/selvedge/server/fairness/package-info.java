@NullMarked
package selvedge.server.fairness;

import org.jspecify.annotations.NullMarked;
