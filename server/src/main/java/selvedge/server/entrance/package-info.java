/** Checks the host, the web page and the proxy of each request before an API handles it. */
@NullMarked
package selvedge.server.entrance;

import org.jspecify.annotations.NullMarked;
