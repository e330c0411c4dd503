/** The HTTP server on Netty. No other package of the server uses Netty. */
@NullMarked
package selvedge.server.http;

import org.jspecify.annotations.NullMarked;
