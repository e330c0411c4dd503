/**
 * The frames in which processes of this project exchange entries and changes. Programs must not use
 * this package: it may change in any release.
 */
@NullMarked
package selvedge.model.wire;

import org.jspecify.annotations.NullMarked;
