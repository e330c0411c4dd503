/** The protocol of workerd for a Worker's {@code kvNamespace}. */
@NullMarked
package selvedge.server.api.binding;

import org.jspecify.annotations.NullMarked;
