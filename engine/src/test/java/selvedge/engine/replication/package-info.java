/** Tests of what replicas are told. */
@NullMarked
package selvedge.engine.replication;

import org.jspecify.annotations.NullMarked;
