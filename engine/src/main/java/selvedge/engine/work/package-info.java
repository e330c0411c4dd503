/** Background work that a thread runs and a test steps. */
@NullMarked
package selvedge.engine.work;

import org.jspecify.annotations.NullMarked;
