/** Tests of Selvedge's own API. */
@NullMarked
package selvedge.server.api.v1;

import org.jspecify.annotations.NullMarked;
