/** What entries and changes look like on their way between processes. */
@NullMarked
package selvedge.model.wire;

import org.jspecify.annotations.NullMarked;
