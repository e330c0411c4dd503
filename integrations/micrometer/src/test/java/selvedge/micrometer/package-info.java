/** Tests of: metrics of a client. */
@NullMarked
package selvedge.micrometer;

import org.jspecify.annotations.NullMarked;
