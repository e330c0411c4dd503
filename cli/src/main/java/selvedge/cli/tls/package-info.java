/** Options of commands that connect over TLS. */
@NullMarked
package selvedge.cli.tls;

import org.jspecify.annotations.NullMarked;
