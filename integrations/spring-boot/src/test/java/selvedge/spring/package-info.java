/** Tests of the auto-configuration. */
@NullMarked
package selvedge.spring;

import org.jspecify.annotations.NullMarked;
