/**
 * The replication between an origin and its edges. The bytes are specified in
 * docs/reference/replication.md.
 */
@NullMarked
package selvedge.engine.replication;

import org.jspecify.annotations.NullMarked;
