/** Tests of the sessions. */
@NullMarked
package selvedge.spring.session;

import org.jspecify.annotations.NullMarked;
