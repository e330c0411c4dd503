package selvedge.server.api.v1;

import java.nio.file.Path;
import java.util.Optional;
import selvedge.engine.BackupManifest;
import selvedge.server.config.Setting;
import selvedge.server.voter.Membership;

/** Changes the role of a process. The changes take effect after the request is answered. */
public interface Control {

  /**
   * Makes an edge an origin.
   *
   * @param forced whether to do so although the origin that it follows answers
   */
  void promote(boolean forced);

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

  /** Returns what changes the voters; throws at a server that is none. */
  Membership membership();

  /**
   * Changes a limit of this server, or returns it to the value of the profile.
   *
   * @param name of the limit
   * @param value the new value; empty for the one of the profile
   */
  ChangedLimit setLimit(String name, Optional<String> value);

  /** Writes the files of the store anew, and returns the bytes that they took before and take. */
  Compacted compact();

  /**
   * Removes an edge from the status.
   *
   * @param location the name of an edge that does not report any more
   */
  void retire(String location);

  /**
   * A limit after a change.
   *
   * @param setting the value in effect from then on, with its source
   * @param now whether it is in effect without a restart
   */
  record ChangedLimit(Setting setting, boolean now) {}

  /** The bytes of the files of the store. */
  record Compacted(long before, long after) {}

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
