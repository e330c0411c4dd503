/** Fault injection: killed processes, full disks, greedy and slow clients. */
@NullMarked
package selvedge.verification.faults;

import org.jspecify.annotations.NullMarked;
