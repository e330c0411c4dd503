/** Tests of the binding face. */
@NullMarked
package selvedge.server.api.binding;

import org.jspecify.annotations.NullMarked;
