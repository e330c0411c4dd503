/** A cluster with its network, disks and clocks, in one thread and from one seed. */
@NullMarked
package selvedge.verification.simulation;

import org.jspecify.annotations.NullMarked;
