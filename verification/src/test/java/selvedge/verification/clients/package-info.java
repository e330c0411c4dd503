/** The stock clients of Workers KV from npm with a Selvedge server. */
@NullMarked
package selvedge.verification.clients;

import org.jspecify.annotations.NullMarked;
