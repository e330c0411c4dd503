/** The model of {@code docs/scale.md}, a simulation of it, and points of it with real processes. */
@NullMarked
package selvedge.verification.scale;

import org.jspecify.annotations.NullMarked;
