/** Durable, ordered maps from keys to entries: the contract and the store in memory. */
@NullMarked
package selvedge.engine.store;

import org.jspecify.annotations.NullMarked;
