/** Durable, ordered maps from keys to entries; the only code that enters RocksDB. */
@NullMarked
package selvedge.engine.store;

import org.jspecify.annotations.NullMarked;
