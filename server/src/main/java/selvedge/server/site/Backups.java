package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Backup;
import selvedge.engine.BackupManifest;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreUnusableException;
import selvedge.server.api.v1.Control.CreatedBackup;

/**
 * The backups that a server writes, each in a new directory below the configured one. A request
 * names a directory and no path, so a remote operator cannot reach other files of the machine.
 *
 * <p>Safe for use by many threads; one backup is made at a time.
 */
final class Backups {
  private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Path place;
  private final StoreDirectory directory;
  private final Limits limits;
  private final Backup backup;
  private final ReentrantLock creating = new ReentrantLock();

  Backups(Path place, StoreDirectory directory, Limits limits, Backup backup) {
    this.place = place;
    this.directory = directory;
    this.limits = limits;
    this.backup = backup;
  }

  CreatedBackup create(RocksStore store, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidRequestException(
          "the name of a backup must be 1 to 64 letters, digits, dots, dashes and underscores, and"
              + " begin with a letter or a digit, got \""
              + name
              + "\"");
    }
    if (!creating.tryLock()) {
      throw new OverloadedException(
          "another backup is being written: try again when it is complete");
    }
    try {
      requireFewerBackups();
      Path target = place.resolve(name).toAbsolutePath().normalize();
      BackupManifest manifest = backup.create(store, directory.store(), target);
      LOG.info("wrote the backup {}, as of version {}", target, manifest.version());
      return new CreatedBackup(target, manifest);
    } catch (UncheckedIOException e) {
      throw new StoreUnusableException(e.getMessage() + ": " + e.getCause());
    } finally {
      creating.unlock();
    }
  }

  private void requireFewerBackups() {
    long allowed = limits.get(Limit.BACKUPS);
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> all = Files.list(place)) {
      long count = all.count();
      if (count >= allowed) {
        throw new StorageFullException(
            place + " holds " + count + " backups, as many as backups allows: delete one of them");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place, e);
    }
  }
}
