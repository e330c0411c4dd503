@NullMarked
package selvedge.server.health;

import org.jspecify.annotations.NullMarked;
