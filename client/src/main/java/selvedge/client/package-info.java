/** A client: namespaces of a server over HTTP, with failover, sessions and a near cache. */
@NullMarked
package selvedge.client;

import org.jspecify.annotations.NullMarked;
