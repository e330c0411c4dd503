/** HTTP sessions by Spring Session, kept in a namespace. */
@NullMarked
package selvedge.spring.session;

import org.jspecify.annotations.NullMarked;
