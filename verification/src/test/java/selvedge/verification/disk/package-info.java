/**
 * A disk in memory that loses at a power cut what a real one may lose, and a store's tables on it.
 */
@NullMarked
package selvedge.verification.disk;

import org.jspecify.annotations.NullMarked;
