/** The store and the protocols behind the socket, and the switch from one role to another. */
@NullMarked
package selvedge.server.site;

import org.jspecify.annotations.NullMarked;
