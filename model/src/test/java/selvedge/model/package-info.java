/** Tests of what everything is made of. */
@NullMarked
package selvedge.model;

import org.jspecify.annotations.NullMarked;
