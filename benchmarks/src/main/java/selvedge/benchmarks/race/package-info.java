/** The race: contestants on this machine, measured in turn, told as ratios. */
@NullMarked
package selvedge.benchmarks.race;

import org.jspecify.annotations.NullMarked;
