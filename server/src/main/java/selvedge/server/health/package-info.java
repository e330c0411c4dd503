/** The state of a server: what it can do at this moment, and why. */
@NullMarked
package selvedge.server.health;

import org.jspecify.annotations.NullMarked;
