/** Workers outside of the service: what wrangler's configuration says, and what workerd wants. */
@NullMarked
package selvedge.cli.worker;

import org.jspecify.annotations.NullMarked;
