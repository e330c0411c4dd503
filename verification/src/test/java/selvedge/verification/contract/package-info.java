/** What every namespace promises, asked of each implementation. */
@NullMarked
package selvedge.verification.contract;

import org.jspecify.annotations.NullMarked;
