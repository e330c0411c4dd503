/** Tests of the binding. */
@NullMarked
package selvedge.server.api.binding;

import org.jspecify.annotations.NullMarked;
