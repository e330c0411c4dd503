/** Rules for code and documents that the build checks. */
@NullMarked
package selvedge.verification.architecture;

import org.jspecify.annotations.NullMarked;
