/**
 * What travels between an origin and its edges; its bytes are specified in
 * docs/reference/replication.md.
 */
@NullMarked
package selvedge.engine.replication;

import org.jspecify.annotations.NullMarked;
