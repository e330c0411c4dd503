/** The ordered changes after a version. */
@NullMarked
package selvedge.engine.feed;

import org.jspecify.annotations.NullMarked;
