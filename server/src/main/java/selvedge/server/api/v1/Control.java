package selvedge.server.api.v1;

import java.nio.file.Path;
import selvedge.engine.BackupManifest;

/** Changes the role of a process. The changes take effect after the request is answered. */
public interface Control {

  /** Makes an edge an origin. */
  void promote();

  /** Makes an edge follow another process. */
  void follow(String origin);

  /** Trusts the clock of this machine as it is, so that expired entries are freed again. */
  void confirmClock();

  /**
   * Writes a backup of the store to a new directory below the one for backups.
   *
   * @param name of the new directory
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
   * A complete backup.
   *
   * @param directory on the machine of the server
   */
  record CreatedBackup(Path directory, BackupManifest manifest) {}
}
