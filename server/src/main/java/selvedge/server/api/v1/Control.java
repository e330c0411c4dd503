package selvedge.server.api.v1;

import java.nio.file.Path;
import selvedge.engine.BackupManifest;

/** Changes what a process is, a moment after it was asked. */
public interface Control {

  /** Makes an origin of an edge. */
  void promote();

  /** Makes an edge follow another process. */
  void follow(String origin);

  /** Trusts the clock of this machine as it is, so that expired entries are freed again. */
  void confirmClock();

  /**
   * Writes a backup of what is here into a new directory below the one for backups.
   *
   * @param name of that directory
   */
  CreatedBackup backup(String name);

  /**
   * A backup that is complete.
   *
   * @param directory on the machine of the server
   */
  record CreatedBackup(Path directory, BackupManifest manifest) {}
}
