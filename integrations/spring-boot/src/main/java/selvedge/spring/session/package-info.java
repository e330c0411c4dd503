/** HTTP sessions of Spring Session in a namespace. */
@NullMarked
package selvedge.spring.session;

import org.jspecify.annotations.NullMarked;
