/** The race: compares programs on this machine in turns and reports ratios. */
@NullMarked
package selvedge.benchmarks.race;

import org.jspecify.annotations.NullMarked;
