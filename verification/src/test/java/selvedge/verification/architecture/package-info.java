/** Rules on the tree, kept by the build. */
@NullMarked
package selvedge.verification.architecture;

import org.jspecify.annotations.NullMarked;
