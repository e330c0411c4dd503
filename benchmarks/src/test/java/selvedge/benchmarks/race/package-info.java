@NullMarked
package selvedge.benchmarks.race;

import org.jspecify.annotations.NullMarked;
