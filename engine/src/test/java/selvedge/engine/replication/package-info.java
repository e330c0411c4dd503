/** Tests of lineages and openings. */
@NullMarked
package selvedge.engine.replication;

import org.jspecify.annotations.NullMarked;
