/** Background work, which a thread runs or a test steps, and marks of the threads that may call. */
@NullMarked
package selvedge.engine.work;

import org.jspecify.annotations.NullMarked;
