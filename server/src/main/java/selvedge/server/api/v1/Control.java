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
   * Wraps the data keys of the store by the first master key of its source, which is read again.
   *
   * @param rewrites whether all rows are encrypted anew, in the background
   */
  Rotation rotateKey(boolean rewrites);

  /**
   * A rotation of the master key.
   *
   * @param masterKey the id of the key that wraps data keys from now on
   */
  record Rotation(String masterKey, boolean rewrites) {}

  /**
   * A backup that is complete.
   *
   * @param directory on the machine of the server
   */
  record CreatedBackup(Path directory, BackupManifest manifest) {}
}
