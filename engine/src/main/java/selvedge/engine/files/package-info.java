/**
 * Every operation that opens, writes, syncs, renames, truncates or deletes a file of the engine,
 * except those of RocksDB.
 *
 * <p>All of them go through the file system of the given path. The product has the one of the
 * operating system. The simulation gives paths of a file system in memory, which loses unsynced
 * contents and names at a power cut.
 */
@NullMarked
package selvedge.engine.files;

import org.jspecify.annotations.NullMarked;
