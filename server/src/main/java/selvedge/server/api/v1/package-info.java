/** Selvedge's own API: what Workers KV lacks. */
@NullMarked
package selvedge.server.api.v1;

import org.jspecify.annotations.NullMarked;
