/** Tests of more than one module. */
@NullMarked
package selvedge.verification;

import org.jspecify.annotations.NullMarked;
