/** What programs do with namespaces. */
@NullMarked
package selvedge.examples;

import org.jspecify.annotations.NullMarked;
