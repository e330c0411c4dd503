/** Tests of the native face. */
@NullMarked
package selvedge.server.api.v1;

import org.jspecify.annotations.NullMarked;
