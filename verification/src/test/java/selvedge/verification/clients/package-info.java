/** The stock clients of Workers KV, as npm has them, against the real server. */
@NullMarked
package selvedge.verification.clients;

import org.jspecify.annotations.NullMarked;
