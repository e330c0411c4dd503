/** What operators and their tools ask. */
@NullMarked
package selvedge.server.api.probes;

import org.jspecify.annotations.NullMarked;
