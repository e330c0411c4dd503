/** Tokens, the rights that they grant, and the authentication of requests. */
@NullMarked
package selvedge.server.access;

import org.jspecify.annotations.NullMarked;
