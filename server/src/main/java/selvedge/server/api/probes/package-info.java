/** The endpoints for operators and monitoring. */
@NullMarked
package selvedge.server.api.probes;

import org.jspecify.annotations.NullMarked;
