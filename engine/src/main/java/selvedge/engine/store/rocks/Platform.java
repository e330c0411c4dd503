package selvedge.engine.store.rocks;

import java.nio.file.Path;
import selvedge.engine.store.journal.Journal;
import selvedge.engine.work.Threads;

/**
 * The tables and the threads of the stores on a file system.
 *
 * <p>RocksDB can only use the file system of the operating system, so any other file system must be
 * a platform itself. The simulation has one in memory.
 */
public interface Platform {

  /** The platform of the operating system's file system. */
  Platform NATIVE =
      new Platform() {
        @Override
        public Tables.Opener tables() {
          return Rocks::open;
        }

        @Override
        public Threads threads() {
          return Threads.PLATFORM;
        }

        @Override
        public int journalFileBytes() {
          return Journal.FILE_BYTES;
        }
      };

  Tables.Opener tables();

  Threads threads();

  /** The size at which the journal begins another file. */
  int journalFileBytes();

  /** Returns the platform of the file system that a directory is on. */
  static Platform of(Path directory) {
    return directory.getFileSystem() instanceof Platform platform ? platform : NATIVE;
  }
}
