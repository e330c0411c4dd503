/** The write-ahead log of a store, which is also its feed; readable without RocksDB. */
@NullMarked
package selvedge.engine.store.journal;

import org.jspecify.annotations.NullMarked;
