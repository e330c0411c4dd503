/** {@code selvedge kv} and {@code selvedge context}: namespaces and keys of any server. */
@NullMarked
package selvedge.cli.kv;

import org.jspecify.annotations.NullMarked;
