/** The native face: what Workers KV lacks, for programs that know where they are. */
@NullMarked
package selvedge.server.api.v1;

import org.jspecify.annotations.NullMarked;
