/** Values as JSON. */
@NullMarked
package selvedge.jackson;

import org.jspecify.annotations.NullMarked;
