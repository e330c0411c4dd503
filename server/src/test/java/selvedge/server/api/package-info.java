/** Tests of the protocols without sockets. */
@NullMarked
package selvedge.server.api;

import org.jspecify.annotations.NullMarked;
