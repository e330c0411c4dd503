/** Tests of: values as JSON. */
@NullMarked
package selvedge.jackson;

import org.jspecify.annotations.NullMarked;
