package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.ratis.server.storage.RaftStorage;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/** The directory of the log of a voter, before the log is opened. Stateless. */
public final class LogDirectory {
  private LogDirectory() {}

  /**
   * Returns how the log starts: it is made once, in an empty directory that was prepared for it. A
   * voter that forgets what it has promised could destroy writes that were acknowledged.
   *
   * <p>A log that lacks an entry which this voter has written is refused, by the name of the file
   * and the byte.
   *
   * <p>After a kill, entries are read back that were never synced. They must be on disk before this
   * voter counts them.
   *
   * @param latest the newest version of the store beside the log
   * @param marked the index up to which the store has every entry
   * @param kept how much is kept of what the store has
   */
  public static RaftStorage.StartupOption require(
      Path log, Version latest, long marked, LogSize kept) throws IOException {
    if (!Files.isDirectory(log)) {
      throw lost(log);
    }
    try (Stream<Path> all = Files.list(log)) {
      if (all.findAny().isEmpty()) {
        if (!latest.equals(Version.NONE)) {
          throw lost(log);
        }
        return RaftStorage.StartupOption.FORMAT;
      }
    }
    SyncedFiles.syncFiles(log);
    SyncedFiles.syncDirectories(log);
    var stopped = new StoppedLog(log, marked);
    new LogFiles(stopped).require();
    stopped.shorten(kept);
    return RaftStorage.StartupOption.RECOVER;
  }

  private static StoreUnusableException lost(Path log) {
    return new StoreUnusableException(
        log
            + " has lost the log of this voter, which may have acknowledged writes: remove this"
            + " voter from the cluster and add an empty one");
  }
}
