/** The patterns, and beside them what their naive versions get wrong. */
@NullMarked
package selvedge.patterns;

import org.jspecify.annotations.NullMarked;
