/** The store on disk; the only code that enters RocksDB. */
@NullMarked
package selvedge.engine.store.rocks;

import org.jspecify.annotations.NullMarked;
