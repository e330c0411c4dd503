/** Tests of the faces without sockets. */
@NullMarked
package selvedge.server.api;

import org.jspecify.annotations.NullMarked;
