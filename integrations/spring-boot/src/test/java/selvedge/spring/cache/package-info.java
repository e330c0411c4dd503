/** Tests of the caches. */
@NullMarked
package selvedge.spring.cache;

import org.jspecify.annotations.NullMarked;
