/** One process: configuration and wiring. */
@NullMarked
package selvedge.server;

import org.jspecify.annotations.NullMarked;
