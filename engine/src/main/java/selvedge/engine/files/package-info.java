/**
 * Files that survive a crash: replaced at one moment, checked by a checksum, written in spite of
 * interrupts.
 */
@NullMarked
package selvedge.engine.files;

import org.jspecify.annotations.NullMarked;
