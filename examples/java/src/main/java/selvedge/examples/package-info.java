/** Examples of programs that use namespaces. */
@NullMarked
package selvedge.examples;

import org.jspecify.annotations.NullMarked;
