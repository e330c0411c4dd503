/** Spring's caches in a namespace. */
@NullMarked
package selvedge.spring.cache;

import org.jspecify.annotations.NullMarked;
