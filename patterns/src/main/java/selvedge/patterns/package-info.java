/** What everyone builds on a key-value store, built right: on {@code Namespace} alone. */
@NullMarked
package selvedge.patterns;

import org.jspecify.annotations.NullMarked;
