/** Tests of the threads that work in the background. */
@NullMarked
package selvedge.engine.work;

import org.jspecify.annotations.NullMarked;
