/** The settings of a server, read once at the start. */
@NullMarked
package selvedge.server.config;

import org.jspecify.annotations.NullMarked;
