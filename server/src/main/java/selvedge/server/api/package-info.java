/** Requests, answers, keys and JSON; independent of the HTTP library. */
@NullMarked
package selvedge.server.api;

import org.jspecify.annotations.NullMarked;
