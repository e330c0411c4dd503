/**
 * Patterns on a key-value store: caches, sessions, settings, flags, limiters, locks, events and
 * more. They use the interface {@code Namespace} alone, so they work on every store, edge and
 * client.
 */
@NullMarked
package selvedge.patterns;

import org.jspecify.annotations.NullMarked;
