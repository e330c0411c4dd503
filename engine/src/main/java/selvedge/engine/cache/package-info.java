/** Entries and pages in memory, in front of a store; the only code that uses Caffeine. */
@NullMarked
package selvedge.engine.cache;

import org.jspecify.annotations.NullMarked;
